import { isRecord } from "../../is-record.ts";
import type { Template } from "../synthesize.ts";
import { templateText } from "./code.ts";
import type { Group } from "./groups.ts";
import { contentFields, versionIdCode } from "./version-file.ts";
import { l1Of, type L1 } from "./l1.ts";
import { type FileNames, type ResourceCode, resourceCode } from "./resource-code.ts";
import { camelCase, variablesOf } from "./variables.ts";

/** What files are written from. */
export interface Source {
  readonly template: Template;
  readonly stackName: string;
  readonly groups: readonly Group[];
  /** Deployed name by function key. */
  readonly functionNames: ReadonlyMap<string, string>;
  /** Keys of functions by the key of their archive in the bucket. */
  readonly archives: ReadonlyMap<string, string>;
  /** Values that have a name of their own: a VPC that exists. */
  readonly values: readonly NamedValue[];
}

export interface NamedValue {
  readonly value: string | readonly string[];
  readonly code: string;
  /** What has to be imported for it, from `existing-network.ts`. */
  readonly imported: string;
}

/** Imports and parameters that a file turned out to need. */
export interface Uses {
  readonly core: Set<string>;
  readonly modules: Map<string, string>;
  /** Resources of other files, by logical id. */
  readonly foreign: Set<string>;
  /** Resources of this file that something in it names. */
  readonly own: Set<string>;
  readonly groups: Set<string>;
  /** Keys of the functions whose code is named. */
  readonly code: Set<string>;
  readonly values: Set<string>;
  /** Logical ids of versions. */
  readonly versions: Set<string>;
  /** Whether `functionName` stands in it. */
  readonly constants: Set<string>;
}

export interface EmittedGroup {
  readonly group: Group;
  readonly variables: ReadonlyMap<string, string>;
  readonly resources: readonly { readonly logicalId: string; readonly code: ResourceCode }[];
  readonly uses: Uses;
}

export interface Emitted {
  readonly groups: readonly EmittedGroup[];
  /** Names for the file of the stack itself, which declares no resources. */
  readonly stack: { readonly names: FileNames; readonly uses: Uses };
}

/** Every resource as code, and what each file needs for it. */
export function emit(source: Source): Emitted {
  const constructs = new Map<string, L1>();
  for (const [id, resource] of Object.entries(source.template.Resources)) {
    const l1 = l1Of(id, resource);
    if (l1) constructs.set(id, l1);
  }
  const variables = new Map(
    source.groups.map((group) => [group.name, variablesOf(group, source.template)]),
  );
  const shared = { source, constructs, variables };
  const groups = source.groups.map((group) => {
    const uses = noUses();
    const names = namesFor(shared, group, uses);
    const resources = group.logicalIds.flatMap((logicalId) => {
      const resource = source.template.Resources[logicalId];
      if (resource === undefined) return [];
      const code = resourceCode(logicalId, resource, constructs.get(logicalId), names);
      return [{ logicalId, code }];
    });
    return { group, variables: variables.get(group.name) ?? new Map(), resources, uses };
  });
  const uses = noUses();
  return { groups, stack: { uses, names: namesFor(shared, undefined, uses) } };
}

function noUses(): Uses {
  return {
    core: new Set(),
    modules: new Map(),
    foreign: new Set(),
    own: new Set(),
    groups: new Set(),
    code: new Set(),
    values: new Set(),
    versions: new Set(),
    constants: new Set(),
  };
}

interface Shared {
  readonly source: Source;
  readonly constructs: ReadonlyMap<string, L1>;
  readonly variables: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Names as one file has them; asking for one notes that it is used. */
function namesFor(
  { source, constructs, variables }: Shared,
  group: Group | undefined,
  uses: Uses,
): FileNames {
  const taken = new Set([
    ...source.groups.map((other) => other.name),
    ...(variables.get(group?.name ?? "")?.values() ?? []),
  ]);
  return {
    core: (name) => {
      uses.core.add(name);
      return name;
    },
    module: (name) => {
      const alias = moduleAlias(name, (other) => taken.has(other));
      uses.modules.set(name, alias);
      return alias;
    },
    versionId: (id) => {
      const of = publishedFunction(source.template, id);
      const variable = of && group && variables.get(group.name)?.get(of);
      const l1 = of && constructs.get(of);
      if (!of || !variable || !l1) return undefined;
      const code = versionIdCode(id, variable, l1.fields(contentFields));
      if (code) {
        uses.own.add(of);
        uses.versions.add(id);
      }
      return code;
    },
    attribute: (id, name) => constructs.get(id)?.attribute(name),
    resource: (id) => {
      const owner = source.groups.find(({ logicalIds }) => logicalIds.includes(id));
      const variable = owner && variables.get(owner.name)?.get(id);
      if (owner === undefined || variable === undefined) return undefined;
      if (owner === group) {
        uses.own.add(id);
        return variable;
      }
      uses.foreign.add(id);
      uses.groups.add(owner.name);
      return `${owner.name}.${variable}`;
    },
    asset: (objectKey) => {
      const key = source.archives.get(objectKey);
      if (key === undefined) return undefined;
      uses.code.add(key);
      return codeVariable(key, group);
    },
    value: (value) => {
      const found = source.values.find((known) => isSame(known.value, value));
      if (found) uses.values.add(found.imported);
      return found?.code;
    },
    constants: (text) => withConstants(text, constantsOf(source, group), uses),
  };
}

/** The function of which a resource is a version. */
function publishedFunction({ Resources }: Template, logicalId: string): string | undefined {
  const { Type, Properties } = Resources[logicalId] ?? {};
  const name = Properties?.["FunctionName"];
  const id = Type === "AWS::Lambda::Version" && isRecord(name) ? name["Ref"] : undefined;
  return typeof id === "string" ? id : undefined;
}

function isSame(known: NamedValue["value"], value: unknown): boolean {
  return JSON.stringify(known) === JSON.stringify(value);
}

interface Constant {
  readonly text: string;
  readonly code: string;
}

function constantsOf({ stackName, functionNames }: Source, group: Group | undefined): Constant[] {
  const stack = { text: stackName, code: `${group ? "stack" : "this"}.stackName` };
  const own = functionNames.get(group?.functionKey ?? "");
  return own === undefined ? [stack] : [{ text: own, code: "functionName" }];
}

/** The text of a template literal in which constants stand where the text has their values as whole words. */
function withConstants(
  text: string,
  constants: readonly Constant[],
  uses: Uses,
): string | undefined {
  for (const { text: word, code } of constants) {
    const pattern = new RegExp(`(?<![\\w-])${word.replaceAll(/[^\w]/g, "\\$&")}(?!\\w)`);
    const pieces = text.split(pattern);
    if (pieces.length > 1) {
      uses.constants.add(code);
      return pieces.map(templateText).join(`\${${code}}`);
    }
  }
  return undefined;
}

/** The variable that holds where a function's code is uploaded to. */
export function codeVariable(functionKey: string, group: Group | undefined): string {
  return group?.functionKey === undefined ? camelCase(`code-of-${functionKey}`) : "code";
}

/** `aws-cdk-lib/aws-lambda` → `lambda`, or `awsLambda` where something else is called so. */
function moduleAlias(module: string, isTaken: (name: string) => boolean): string {
  const name = module.split("/").at(-1) ?? module;
  const short = camelCase(name.replace(/^aws-/, ""));
  return isTaken(short) ? camelCase(`aws-${name}`) : short;
}
