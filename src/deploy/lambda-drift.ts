import { shortHash } from "./code-hash.ts";
import { isRecord } from "../is-record.ts";
import type { LiveProperties, PropertyDrift, ResourceDrift, StackResource } from "../aws/ports.ts";
import { defaultLimits } from "./declared-scaling.ts";
import type { DeployContext } from "./deploy-context.ts";
import { patiently } from "./patiently.ts";
import type { TemplateResources } from "./template-resources.ts";

type Properties = Readonly<Record<string, unknown>>;

/**
 * What is compared of a resource: everything that says how managed instances run. Names, code and what the template
 * gives by reference are left to CloudFormation.
 */
const compared: Readonly<Record<string, readonly string[]>> = {
  "AWS::Lambda::Function": [
    "MemorySize",
    "Timeout",
    "Runtime",
    "Handler",
    "Architectures",
    "EphemeralStorage",
    "LoggingConfig",
    "TracingConfig",
    "CapacityProviderConfig",
    "FunctionScalingConfig",
    "Environment",
  ],
  "AWS::Lambda::CapacityProvider": [
    "CapacityProviderScalingConfig",
    "InstanceRequirements",
    "KmsKeyArn",
    "TelemetryConfig",
  ],
};

/**
 * Capacity providers and functions against what Lambda itself tells of them. No list of AWS's says whether
 * CloudFormation compares their properties for managed instances, and its detection sees no code that was put into
 * `$LATEST` without being published.
 */
export async function lambdaDrift(
  declared: TemplateResources,
  resources: readonly StackResource[],
  context: DeployContext,
): Promise<ResourceDrift[]> {
  const own = resources.filter(
    ({ type, physicalId, status }) =>
      type in compared && physicalId !== undefined && !status.startsWith("DELETE_"),
  );
  return Promise.all(
    own.map(async ({ logicalId, physicalId = "", type }) => {
      const live = await patiently(context, () => propertiesOf(type, physicalId, context));
      const expected = declared[logicalId]?.Properties ?? {};
      const differences = live === undefined ? [] : differencesOf(type, expected, live);
      const status =
        live === undefined ? "DELETED" : differences.length > 0 ? "MODIFIED" : "IN_SYNC";
      return { logicalId, physicalId, type, status, differences };
    }),
  );
}

function propertiesOf(
  type: string,
  physicalId: string,
  { aws }: DeployContext,
): Promise<LiveProperties | undefined> {
  return type === "AWS::Lambda::Function"
    ? aws.functions.properties(physicalId)
    : aws.capacityProviders.properties(physicalId);
}

function differencesOf(type: string, expected: Properties, live: LiveProperties): PropertyDrift[] {
  const names = (compared[type] ?? []).filter((name) => name in expected);
  return [
    ...names.flatMap((name) => valueDifferences(expected[name], live[name], `/${name}`)),
    ...unaskedScaling(expected, live),
    ...unaskedVariables(expected, live),
    ...unpublishedCode(live),
  ];
}

/** What `lmi resume` and schedules set where the template has no limits: they mean the same. */
function isLambdasOwn(scaling: Properties): boolean {
  const { min, max } = defaultLimits;
  return scaling["MinExecutionEnvironments"] === min && scaling["MaxExecutionEnvironments"] === max;
}

/** Limits that somebody set where the template has none; a minimum alone may be Lambda's own. */
function unaskedScaling(expected: Properties, live: LiveProperties): PropertyDrift[] {
  const name = "FunctionScalingConfig";
  const scaling = live[name];
  const isSet =
    isRecord(scaling) &&
    scaling["MaxExecutionEnvironments"] !== undefined &&
    !isLambdasOwn(scaling);
  if (name in expected || !isSet) return [];
  return [{ path: `/${name}`, expected: undefined, actual: JSON.stringify(scaling) }];
}

/** Names of variables that the template does not give; CloudFormation looks only at properties that it does. */
function unaskedVariables(expected: Properties, live: LiveProperties): PropertyDrift[] {
  const given = variablesOf(expected);
  return Object.entries(variablesOf(live))
    .filter(([name]) => !(name in given))
    .map(([name, value]) => ({
      path: `/Environment/Variables/${name}`,
      expected: undefined,
      actual: text(value),
    }));
}

function variablesOf({ Environment }: Properties): Properties {
  const variables = isRecord(Environment) ? Environment["Variables"] : undefined;
  return isRecord(variables) ? variables : {};
}

/** Variables that the template takes from SSM or Secrets Manager: what they should be is not known here. */
export function unknownVariables(declared: TemplateResources): readonly string[] {
  return Object.entries(declared).flatMap(([logicalId, { Type, Properties = {} }]) =>
    Type === "AWS::Lambda::Function"
      ? Object.entries(variablesOf(Properties))
          .filter(([, value]) => isReference(value))
          .map(([name]) => `${logicalId}.${name}`)
      : [],
  );
}

/** What `update-function-code` or a hotswap leaves: it is there, and answers nobody. */
function unpublishedCode({ CodeSha256, PublishedCodeSha256 }: LiveProperties): PropertyDrift[] {
  if (typeof PublishedCodeSha256 !== "string" || typeof CodeSha256 !== "string") return [];
  if (CodeSha256 === PublishedCodeSha256) return [];
  return [
    {
      path: "/Code",
      expected: `${shortHash(PublishedCodeSha256)} (published: it answers requests)`,
      actual: `${shortHash(CodeSha256)} (in $LATEST, not published)`,
    },
  ];
}

/** Only what the template says in so many words is compared; what the service adds to it is no drift. */
function valueDifferences(expected: unknown, actual: unknown, path: string): PropertyDrift[] {
  if (isReference(expected)) return [];
  if (isRecord(expected)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      valueDifferences(value, isRecord(actual) ? actual[name] : undefined, `${path}/${name}`),
    );
  }
  if (canonical(expected) === canonical(actual)) return [];
  return [{ path, expected: text(expected), actual: text(actual) }];
}

/** A function of CloudFormation, or a reference to a secret or parameter: what it comes to is not known here. */
function isReference(value: unknown): boolean {
  if (typeof value === "string") return value.includes("{{resolve:");
  if (Array.isArray(value)) return value.some(isReference);
  const [name, ...others] = isRecord(value) ? Object.keys(value) : [];
  return others.length === 0 && name !== undefined && (name === "Ref" || name.startsWith("Fn::"));
}

/** The order of a list is no difference, nor whether a number is written as text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join()}]`;
  if (isRecord(value)) {
    const pairs = Object.entries(value).map(([name, each]) => `${name}:${canonical(each)}`);
    return `{${pairs.toSorted().join()}}`;
  }
  return text(value) ?? "";
}

function text(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
