import { isRecord } from "../../is-record.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import type { Template } from "../synthesize.ts";
import { type Code, printFlat, quoted } from "./code.ts";
import { functionName, intrinsicCode, plainCode } from "./intrinsics.ts";
import { inOrder } from "./references.ts";
import type { FileNames } from "./resource-code.ts";
import { statement } from "./source-file.ts";
import { camelCase } from "./variables.ts";

/** What the stack's file says before and after its resources. */
export interface TemplateParts {
  readonly before: readonly string[];
  readonly outputs: readonly string[];
}

/** CDK's synthesizer adds them to every stack. */
const synthesizers: ReadonlySet<string> = new Set(["BootstrapVersion", "CheckBootstrapVersion"]);

/** Sections that this writes, or that say nothing. */
const written: ReadonlySet<string> = new Set([
  "AWSTemplateFormatVersion",
  "Conditions",
  "Description",
  "Mappings",
  "Metadata",
  "Outputs",
  "Parameters",
  "Resources",
  "Transform",
]);

/**
 * Everything of a template beside its resources. Call it before the files of resources are written: it notes which
 * resources they have to return. Fails with LMI_EJECT_UNSUPPORTED.
 */
export function templateParts(template: Template, names: FileNames): TemplateParts {
  const unknown = Object.entries(template).find(
    ([section, content]) =>
      !written.has(section) && entriesOf(content).some(([id]) => !synthesizers.has(id)),
  );
  if (unknown) throw unsupported(`the section ${unknown[0]} of the template`);
  const context = { names, taken: new Set(Object.keys(template.Resources)) };
  const outputs = entriesOf(template.Outputs).map(([id, output]) =>
    outputStatement(id, output, context),
  );
  return {
    before: [
      ...transformStatements(template["Transform"]),
      ...metadataStatements(template["Metadata"], names),
      ...parameterStatements(template, context),
      ...entriesOf(template["Mappings"]).map(([id, mapping]) =>
        declared({ className: "CfnMapping", id, variable: `${camelCase(id)}Mapping` }, context, {
          members: [["mapping", plainCode(mapping, names)]],
        }),
      ),
      ...conditionStatements(template, context),
    ],
    outputs,
  };
}

interface Context {
  readonly names: FileNames;
  /** Ids of constructs in the stack. */
  readonly taken: Set<string>;
}

interface Declaration {
  readonly className: string;
  readonly id: string;
  readonly variable: string;
  /** Whether something names it. */
  readonly isNamed?: boolean;
}

/** A construct that is called like its part of the template; under another id where that is taken. */
function declared(
  { className, id, variable, isNamed = false }: Declaration,
  { names, taken }: Context,
  properties: Code,
): string {
  let constructId = id;
  while (taken.has(constructId)) constructId += className.replace("Cfn", "");
  taken.add(constructId);
  const construction: Code = {
    callee: `new ${names.core(className)}`,
    arguments: ["this", quoted(constructId), properties],
  };
  const lead = isNamed || constructId !== id ? `const ${variable} = ` : "";
  const override: Code = { callee: `${variable}.overrideLogicalId`, arguments: [quoted(id)] };
  return `${statement(lead, construction, 4)}${constructId === id ? "" : statement("", override, 4)}`;
}

function transformStatements(transform: unknown): string[] {
  return [transform ?? []].flat().map((name: unknown) => {
    if (typeof name !== "string") throw unsupported("a Transform with parameters");
    return statement("", { callee: "this.addTransform", arguments: [quoted(name)] }, 4);
  });
}

/** Which lmi wrote the template is lmi's own business. */
function metadataStatements(metadata: unknown, names: FileNames): string[] {
  const own = entriesOf(metadata).filter(([key]) => key !== "lmi");
  if (own.length === 0) return [];
  const code = plainCode(Object.fromEntries(own), names);
  return [statement("this.templateOptions.metadata = ", code, 4)];
}

function parameterStatements(template: Template, context: Context): string[] {
  return entriesOf(template["Parameters"])
    .filter(([id]) => !synthesizers.has(id))
    .map(([id, parameter]) =>
      declared({ className: "CfnParameter", id, variable: `${camelCase(id)}Parameter` }, context, {
        members: entriesOf(parameter).map(([key, value]) => [
          key.charAt(0).toLowerCase() + key.slice(1),
          plainCode(value, context.names),
        ]),
      }),
    );
}

function conditionVariable(id: string): string {
  return `${camelCase(id)}Condition`;
}

function conditionStatements(template: Template, context: Context): string[] {
  const conditions = new Map(entriesOf(template["Conditions"]));
  const ordered = inOrder([...conditions.keys()], (id) => conditionsIn(conditions.get(id)));
  const outputs = entriesOf(template.Outputs).map(([, output]) => output);
  const used = new Set([...conditions.values(), ...outputs].flatMap(conditionsIn));
  return ordered.map((id) => {
    const expression = conditionCode(conditions.get(id), context.names);
    const declaration = { className: "CfnCondition", id, variable: conditionVariable(id) };
    const properties: Code = { members: [["expression", expression]] };
    return declared({ ...declaration, isNamed: used.has(id) }, context, properties);
  });
}

function conditionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(conditionsIn);
  return entriesOf(value).flatMap(([key, own]) =>
    key === "Condition" && typeof own === "string" ? [own] : conditionsIn(own),
  );
}

function conditionCode(value: unknown, names: FileNames): Code {
  const [entry] = entriesOf(value);
  const [key, operand] = entry ?? [];
  if (key === "Condition" && typeof operand === "string") return conditionVariable(operand);
  const method = conditionMethods[key ?? ""];
  if (method === undefined || !Array.isArray(operand)) {
    throw unsupported(`the condition ${JSON.stringify(value)}`);
  }
  const args: Code[] = (operand as readonly unknown[]).map((each) =>
    method === "conditionEquals" ? anyCode(each, names) : conditionCode(each, names),
  );
  return { callee: `${names.core("Fn")}.${method}`, arguments: args };
}

const conditionMethods: Readonly<Record<string, string>> = {
  "Fn::And": "conditionAnd",
  "Fn::Equals": "conditionEquals",
  "Fn::Not": "conditionNot",
  "Fn::Or": "conditionOr",
};

function anyCode(value: unknown, names: FileNames): Code {
  return isRecord(value) && functionName(value) !== undefined
    ? intrinsicCode(value, "any", names)
    : plainCode(value, names);
}

function outputStatement(id: string, output: unknown, context: Context): string {
  const { Description, Value, Export, Condition, ...others } = output as Readonly<
    Record<string, unknown>
  >;
  const [other] = Object.keys(others);
  if (other !== undefined) throw unsupported(`${other} of the output ${id}`);
  const { names } = context;
  const exportName = isRecord(Export) ? Export["Name"] : undefined;
  const members: (readonly [string, Code])[] = [
    ...(Description === undefined ? [] : [["description", textCode(Description, names)] as const]),
    ["value", names.value(Value) ?? textCode(Value, names)],
    ...(exportName === undefined ? [] : [["exportName", textCode(exportName, names)] as const]),
    ...(typeof Condition === "string"
      ? [["condition", conditionVariable(Condition)] as const]
      : []),
  ];
  const variable = `${camelCase(id)}Output`;
  return declared({ className: "CfnOutput", id, variable }, context, { members });
}

/** Where TypeScript wants text and CloudFormation takes anything. */
function textCode(value: unknown, names: FileNames): Code {
  if (typeof value === "string") return quoted(value);
  if (isRecord(value) && functionName(value) !== undefined) {
    return intrinsicCode(value, "string", names);
  }
  return `${names.core("Token")}.asString(${printFlat(plainCode(value, names))})`;
}

function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

function unsupported(what: string): LmiError {
  return new LmiError("LMI_EJECT_UNSUPPORTED", `lmi eject cannot write ${what} as CDK code.`, {
    why: "It comes from the settings' own CloudFormation, for which there is no plain construct.",
    next: "Take the template instead: lmi eject --format cloudformation",
    exitCode: ExitCode.usage,
  });
}
