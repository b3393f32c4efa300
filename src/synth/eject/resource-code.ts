import { isRecord } from "../../is-record.ts";
import { isDeepStrictEqual } from "node:util";
import type { TemplateResource } from "../synthesize.ts";
import { type Code, quoted } from "./code.ts";
import { functionName, intrinsicCode, literal, type Names, plainCode } from "./intrinsics.ts";
import { Intrinsic, type L1 } from "./l1.ts";
import { dependenciesOf } from "./references.ts";

/** What expressions of one file may name. */
export interface FileNames extends Names {
  /** The alias under which the file imports a module of aws-cdk-lib. */
  readonly module: (name: string) => string;
  /** A name for this very value: a VPC that exists, a function's own name. */
  readonly value: (value: unknown) => string | undefined;
  /** The construct id of a version, which changes with its function; undefined for other resources. */
  readonly versionId: (logicalId: string) => Code | undefined;
  /** The variable of an uploaded archive, by its key in the bucket. */
  readonly asset: (objectKey: string) => string | undefined;
}

/** One resource as code. */
export interface ResourceCode {
  readonly construction: Code;
  /** Variables of resources that have to be there first, beside those that it refers to. */
  readonly dependencies: readonly string[];
  /** What is called on it afterwards. */
  readonly calls: readonly ((variable: string) => Code)[];
}

/** In the words of the construct of its type, else as a CfnResource in the template's. */
export function resourceCode(
  logicalId: string,
  resource: TemplateResource,
  l1: L1 | undefined,
  names: FileNames,
): ResourceCode {
  const id = names.versionId(logicalId) ?? quoted(logicalId);
  const construction: Code = l1
    ? {
        callee: `new ${names.module(l1.module)}.${l1.className}`,
        arguments: ["stack", id, propertiesOf(l1, names)],
      }
    : {
        callee: `new ${names.core("CfnResource")}`,
        arguments: ["stack", quoted(logicalId), genericProperties(resource, names)],
      };
  const overrides = (l1?.overrides ?? []).map(([place, value]) =>
    call("addPropertyOverride", quoted(place), valueCode(value, names)),
  );
  const ids = logicalId === "Default" ? [call("overrideLogicalId", quoted(logicalId))] : [];
  const dependencies = dependenciesAsCalls(resource, names);
  return {
    construction,
    dependencies: dependencies ?? [],
    calls: [
      ...ids,
      ...overrides,
      ...(dependencies ? [] : dependenciesAsWritten(resource, names)),
      ...attributeCalls(resource, names),
    ],
  };
}

function propertiesOf({ properties }: L1, names: FileNames): Code {
  const entries = Object.entries(properties).toSorted(([one], [other]) => rank(one) - rank(other));
  const members = entries.map(([key, value]): [string, Code] => [
    key,
    valueCode(value, textsNamed.has(key) ? names : withoutConstants(names)),
  ]);
  return { members };
}

/** What says what a resource is stands first, tags last, the rest between them as the construct has it. */
const first: readonly string[] = [
  "functionName",
  "runtime",
  "handler",
  "code",
  "role",
  "vpcId",
  "vpcEndpointType",
  "serviceName",
  "cidrBlock",
  "availabilityZone",
  "routeTableId",
  "description",
  "groupDescription",
  "logGroupName",
  "queueName",
  "eventSourceArn",
  "action",
  "principal",
];

function rank(property: string): number {
  if (property === "tags") return Number.POSITIVE_INFINITY;
  const place = first.indexOf(property);
  return place < 0 ? first.length : place;
}

/** Properties whose texts are made of names: of the stack, of the function. Others only happen to hold the same. */
const textsNamed: ReadonlySet<string> = new Set([
  "assumeRolePolicyDocument",
  "description",
  "functionName",
  "groupDescription",
  "logGroupName",
  "tags",
]);

function withoutConstants(names: FileNames): FileNames {
  return { ...names, constants: () => undefined };
}

function genericProperties({ Type, Properties }: TemplateResource, names: FileNames): Code {
  const properties =
    Properties === undefined ? [] : [["properties", plainCode(Properties, names)] as const];
  return { members: [["type", quoted(Type)], ...properties] };
}

/** A value of a construct's properties. */
function valueCode(value: unknown, names: FileNames): Code {
  const known = names.value(value);
  if (known !== undefined) return known;
  if (value instanceof Intrinsic) return intrinsicCode(value.value, value.kind, names);
  if (Array.isArray(value)) return { items: value.map((item) => valueCode(item, names)) };
  if (!isRecord(value)) return textCode(value, names);
  // Objects of any type, such as policies, keep their intrinsic functions as they came.
  if (functionName(value) !== undefined) return intrinsicCode(value, "any", names);
  const asset = assetOf(value, names);
  return {
    members: Object.entries(value).map(([key, own]) => [
      key,
      asset?.[key.toLowerCase()] ?? valueCode(own, names),
    ]),
  };
}

/** Bucket and key of an archive that the stack uploads. */
function assetOf(value: Readonly<Record<string, unknown>>, names: FileNames) {
  const key = value["s3Key"];
  const variable = typeof key === "string" ? names.asset(key) : undefined;
  if (variable === undefined) return undefined;
  const code: Readonly<Record<string, Code>> = {
    s3bucket: `${variable}.bucketName`,
    s3key: `${variable}.objectKey`,
  };
  return code;
}

function textCode(value: unknown, names: FileNames): Code {
  if (typeof value !== "string") return literal(value);
  const text = names.constants(value);
  if (text === undefined) return quoted(value);
  return /^\$\{\w+\}$/.test(text) ? text.slice(2, -1) : `\`${text}\``;
}

function call(method: string, ...args: readonly Code[]): (variable: string) => Code {
  return (variable) => ({ callee: `${variable}.${method}`, arguments: args });
}

type Call = ReturnType<typeof call>;

function attributeCalls(resource: TemplateResource, names: FileNames): Call[] {
  const { DeletionPolicy, UpdateReplacePolicy, Metadata } = resource;
  const others = Object.entries(resource).filter(([key]) => !writtenAttributes.has(key));
  const metadata = isRecord(Metadata) ? Object.entries(Metadata) : [];
  return [
    ...removalCalls({ DeletionPolicy, UpdateReplacePolicy }, names),
    ...metadata.map(([key, own]) => call("addMetadata", quoted(key), plainCode(own, names))),
    ...others.map(([key, own]) => call("addOverride", quoted(key), plainCode(own, names))),
  ];
}

/** What is written otherwise than as an override. */
const writtenAttributes: ReadonlySet<string> = new Set([
  "Type",
  "Properties",
  "DependsOn",
  "DeletionPolicy",
  "UpdateReplacePolicy",
  "Metadata",
]);

const removalPolicies: Readonly<Record<string, string>> = { Delete: "DESTROY", Retain: "RETAIN" };

function removalCalls(
  policies: { readonly DeletionPolicy: unknown; readonly UpdateReplacePolicy: unknown },
  names: FileNames,
): Call[] {
  const { DeletionPolicy, UpdateReplacePolicy } = policies;
  const both = DeletionPolicy === UpdateReplacePolicy ? DeletionPolicy : undefined;
  const policy = typeof both === "string" ? removalPolicies[both] : undefined;
  if (policy !== undefined) {
    return [call("applyRemovalPolicy", `${names.core("RemovalPolicy")}.${policy}`)];
  }
  return Object.entries(policies).flatMap(([key, own]) =>
    own === undefined ? [] : [call("addOverride", quoted(key), plainCode(own, names))],
  );
}

/** undefined: CDK, which writes them as a list, sorted, would write others. */
function dependenciesAsCalls(
  resource: TemplateResource,
  names: FileNames,
): readonly string[] | undefined {
  const ids = dependenciesOf(resource);
  const sorted = ids.toSorted((one, other) => one.localeCompare(other));
  if (!isDeepStrictEqual(sorted, resource.DependsOn ?? [])) return undefined;
  const variables = ids.map((id) => names.resource(id));
  const known = variables.filter((variable) => variable !== undefined);
  return known.length === ids.length ? known : undefined;
}

function dependenciesAsWritten({ DependsOn }: TemplateResource, names: FileNames): Call[] {
  return [call("addOverride", quoted("DependsOn"), plainCode(DependsOn, names))];
}
