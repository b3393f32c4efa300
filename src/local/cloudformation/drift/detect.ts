import { isRecord } from "../../../is-record.ts";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { EngineParts } from "../engine/run.ts";
import type { ResourceData } from "../resource-data.ts";
import { isSecretReference } from "../secret-references.ts";
import type { ResourceRecord } from "../stack-record.ts";
import { asGiven, propertyDifferences } from "./differences.ts";
import type { ResourceDrift } from "./drift-record.ts";
import { ec2Readers } from "./read-ec2.ts";
import { iamReaders } from "./read-iam.ts";
import { lambdaReaders } from "./read-lambda.ts";
import { sqsReaders } from "./read-sqs.ts";
import { storageReaders } from "./read-storage.ts";
import type { Reader } from "./reader.ts";

const readers: Readonly<Record<string, Reader>> = {
  ...ec2Readers,
  ...iamReaders,
  ...lambdaReaders,
  ...sqsReaders,
  ...storageReaders,
};

/** Whether the live state of a type can be read; all others stay NOT_CHECKED. */
export function canBeChecked(type: string): boolean {
  return Object.hasOwn(readers, type);
}

type Values = Readonly<Record<string, unknown>>;

/** Compares a resource with what the template says of it. */
export async function detectDrift(
  parts: EngineParts,
  resource: ResourceRecord,
  siblings: readonly ResourceRecord[],
  caller: CallContext,
): Promise<ResourceDrift> {
  const common = {
    logicalId: resource.logicalId,
    physicalId: resource.physicalId ?? "",
    type: resource.type,
    at: parts.context.clock.now().toISOString(),
  };
  const live = await readLive(parts, { ...resource, siblings }, caller);
  if (!live) return { ...common, status: "DELETED", differences: [] };
  const data = (await parts.data.load([resource.type])).get(resource.type);
  const { expected, actual } = comparable(data, resource.properties, live);
  const differences = propertyDifferences(data?.properties ?? {}, expected, actual);
  return {
    ...common,
    status: differences.length === 0 ? "IN_SYNC" : "MODIFIED",
    differences,
    expected: JSON.stringify(expected),
    actual: JSON.stringify(actual),
  };
}

export type Readable = Pick<ResourceRecord, "type" | "physicalId" | "properties"> &
  Partial<Pick<ResourceRecord, "stackTags">> & { readonly siblings?: readonly ResourceRecord[] };

/** Properties as the services tell them; undefined where the resource does not exist. */
export async function readLive(
  parts: Pick<EngineParts, "context">,
  { type, physicalId, properties, stackTags = [], siblings = [] }: Readable,
  caller: CallContext,
): Promise<Values | undefined> {
  const reader = readers[type];
  if (!reader) throw new Error(`${type} cannot be checked`);
  try {
    return await reader(physicalId ?? "", {
      call: (service, operation, input) => parts.context.call(service, operation, input, caller),
      resource: { properties, stackTags },
      siblings,
    });
  } catch (error) {
    if (error instanceof ServiceError && /NotFound|NoSuch|DoesNotExist/.test(error.code))
      return undefined;
    throw error;
  }
}

/**
 * The properties on both sides that the template gives and the services tell. A property that a
 * service always tells, but not now, was removed.
 */
function comparable(
  data: ResourceData | undefined,
  given: Values,
  live: Values,
): { readonly expected: Values; readonly actual: Values } {
  const names = Object.keys(given).filter((name) => name in live);
  const expected = Object.fromEntries(names.map((name) => [name, parsed(given[name], live[name])]));
  const actual = Object.fromEntries(
    names
      .filter((name) => live[name] !== undefined)
      .map((name) => [
        name,
        withoutSecrets(
          parsed(given[name], live[name]),
          asGiven(data?.properties[name]?.shape, given[name], live[name]),
        ),
      ]),
  );
  return { expected, actual };
}

/** Where the template refers to a secret nothing is compared, and nothing told of the value. */
function withoutSecrets(given: unknown, live: unknown): unknown {
  if (isSecretReference(given)) return given;
  if (Array.isArray(given) && Array.isArray(live))
    return live.map((item: unknown, index) =>
      withoutSecrets(counterpart(given, item, index), item),
    );
  if (!isRecord(given) || !isRecord(live)) return live;
  return Object.fromEntries(
    Object.entries(live).map(([name, value]) => [name, withoutSecrets(given[name], value)]),
  );
}

/** Tags and the like go by their key, in whatever order the service tells them. */
function counterpart(given: readonly unknown[], item: unknown, index: number): unknown {
  const key = isRecord(item) ? (item["Key"] ?? item["Name"]) : undefined;
  const same = given.find(
    (each) => isRecord(each) && key !== undefined && (each["Key"] ?? each["Name"]) === key,
  );
  return same ?? given[index];
}

/** Templates may give documents as JSON text. */
function parsed(given: unknown, live: unknown): unknown {
  if (typeof given !== "string" || !isRecord(live)) return given;
  return JSON.parse(given) as unknown;
}
