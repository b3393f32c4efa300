import type { Template } from "../synthesize.ts";
import { type Code, printCode } from "./code.ts";
import { commentOn } from "./comments.ts";
import type { EmittedGroup } from "./emit.ts";
import { isFixedGroup } from "./groups.ts";
import { docComment, type Import, importLines, lineComment, statement } from "./source-file.ts";

export interface GroupFileRequest {
  readonly template: Template;
  readonly emitted: EmittedGroup;
  /** Logical ids that other files name. */
  readonly exported: ReadonlySet<string>;
  readonly about: string;
  /** Statements before the resources, and what they import from code.ts. */
  readonly code: { readonly statements: string; readonly imports: readonly string[] };
  /** The function's deployed name. */
  readonly functionName: string | undefined;
  /** Names of all groups, by name: where their files are. */
  readonly files: ReadonlyMap<string, string>;
}

export function createFunctionName(group: string): string {
  return `create${pascal(group)}`;
}

/** Of a function with `Function` behind it: one called `fn` would be CDK's `Fn`. */
function typeName(group: string): string {
  const name = pascal(group);
  return isFixedGroup(group) || name.endsWith("Function") ? name : `${name}Function`;
}

function pascal(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A file that makes the resources of one group. */
export function groupFile(request: GroupFileRequest): string {
  const { emitted, about, code, functionName } = request;
  const { group, uses } = emitted;
  const constant = uses.constants.has("functionName") && functionName !== undefined;
  const parameters = ["stack: Stack", ...parametersOf(request)].join(", ");
  const signature = `export function ${createFunctionName(group.name)}(${parameters}) {\n`;
  const returned = returnedOf(request);
  const said = new Set<string>();
  const body = [
    code.statements,
    ...emitted.resources.map((each) => resourceStatements(each, request, said)),
    returned === undefined ? "" : statement("return ", returned),
  ].filter((part) => part !== "");
  return [
    importLines(importsOf(request)),
    constant ? `const functionName = ${JSON.stringify(functionName)};\n` : "",
    returned === undefined
      ? ""
      : `export type ${typeName(group.name)} = ReturnType<typeof ${createFunctionName(group.name)}>;\n`,
    `${docComment(about)}${signature}${body.join("\n")}}\n`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function parametersOf({ emitted, files }: GroupFileRequest): string[] {
  return [...files.keys()]
    .filter((name) => emitted.uses.groups.has(name))
    .map((name) => `${name}: ${typeName(name)}`);
}

function returnedOf({ emitted, exported }: GroupFileRequest): Code | undefined {
  const members = [...emitted.variables]
    .filter(([id]) => exported.has(id))
    .map(([, variable]) => [variable, variable] as const);
  return members.length === 0 ? undefined : { members };
}

function resourceStatements(
  { logicalId, code }: EmittedGroup["resources"][number],
  { emitted, exported, template }: GroupFileRequest,
  said: Set<string>,
): string {
  const variable = emitted.variables.get(logicalId) ?? "";
  const isNamed =
    code.calls.length + code.dependencies.length > 0 ||
    emitted.uses.own.has(logicalId) ||
    exported.has(logicalId);
  const resource = template.Resources[logicalId];
  const comment = resource && commentOn(logicalId, resource, template);
  // Once a file: the second provider is like the first.
  const isNew = comment !== undefined && !said.has(comment);
  if (isNew) said.add(comment);
  return [
    isNew ? lineComment(comment) : "",
    statement(isNamed ? `const ${variable} = ` : "", code.construction),
    dependencies(variable, code.dependencies),
    ...code.calls.map((call) => statement("", call(variable))),
  ].join("");
}

/** One by one, or in a loop where there are many. */
function dependencies(variable: string, others: readonly string[]): string {
  const callee = `${variable}.addResourceDependency`;
  if (others.length < 3) {
    return others.map((other) => statement("", { callee, arguments: [other] })).join("");
  }
  const lead = "for (const other of ";
  const list = printCode({ items: others }, 2, 2 + lead.length);
  return `  ${lead}${list}) {\n    ${callee}(other);\n  }\n`;
}

function importsOf({ emitted, code, files }: GroupFileRequest): Import[] {
  const { uses, group } = emitted;
  const up = "../".repeat(group.file.split("/").length - 1) || "./";
  return [
    { from: "aws-cdk-lib", names: uses.core, types: ["Stack"] },
    ...[...uses.modules].map(([from, namespace]) => ({ from, namespace })),
    { from: `${up}code.ts`, names: new Set(code.imports) },
    { from: `${up}version.ts`, names: uses.versions.size > 0 ? ["versionId"] : [] },
    { from: `${up}existing-network.ts`, names: uses.values },
    ...[...files]
      .filter(([name]) => uses.groups.has(name))
      .map(([name, file]) => ({ from: `${up}${file}.ts`, types: [typeName(name)] })),
  ];
}
