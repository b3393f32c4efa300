import { isRecord } from "../../is-record.ts";
import type { CallContext, TargetContext } from "../service.ts";
import { ServiceError } from "../service-error.ts";
import type { Properties, ResourceContext, ResourceType } from "./resource-type.ts";

/*
 * References to secrets stay as they are in everything that a stack remembers and tells: its resources, events, change
 * sets and drift. The values are read when a resource is made or changed, and handed to its service alone. So a secret
 * that has changed reaches a resource when something else of that resource changes (CloudFormation user guide,
 * dynamic-references-secretsmanager).
 */
const pattern = /\{\{resolve:secretsmanager:([^}]+)\}\}/g;

export function isSecretReference(value: unknown): boolean {
  return typeof value === "string" && value.search(pattern) !== -1;
}

/** A resource type whose service gets the values of secrets in place of the references. */
export function withSecrets(type: ResourceType, isRecordOnly: boolean): ResourceType {
  const revealed = async (properties: Properties, context: ResourceContext) => {
    const values = await reveal(properties, context, context.caller);
    // Of a type that is a record only nobody needs the values; that they exist is checked all the same.
    return isRecordOnly || !isRecord(values) ? properties : values;
  };
  return {
    ...type,
    create: async (properties, context) =>
      type.create(await revealed(properties, context), context),
    update: async (physicalId, properties, previous, context) =>
      type.update(physicalId, await revealed(properties, context), previous, context),
  };
}

async function reveal(
  value: unknown,
  context: TargetContext,
  caller: CallContext,
): Promise<unknown> {
  if (typeof value === "string") return revealText(value, context, caller);
  if (Array.isArray(value)) return Promise.all(value.map((item) => reveal(item, context, caller)));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(
    async ([key, item]) => [key, await reveal(item, context, caller)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function revealText(
  text: string,
  context: TargetContext,
  caller: CallContext,
): Promise<string> {
  const references = [...text.matchAll(pattern)].map(([, reference = ""]) => reference);
  if (references.length === 0) return text;
  const values = await Promise.all(
    references.map((reference) => secretValue(reference, context, caller)),
  );
  let index = 0;
  return text.replaceAll(pattern, () => values[index++] ?? "");
}

interface SecretAnswer {
  readonly SecretString?: string;
}

/** `secret-id:SecretString:json-key:version-stage:version-id`; ARNs have colons of their own. */
function parseReference(reference: string) {
  const parts = reference.split(":");
  const own = reference.startsWith("arn:") ? 7 : 1;
  const [kind = "SecretString", key = "", stage = "", version = ""] = parts.slice(own);
  return { id: parts.slice(0, own).join(":"), kind, key, stage, version };
}

async function secretValue(
  reference: string,
  context: TargetContext,
  caller: CallContext,
): Promise<string> {
  const { id, kind, key, stage, version } = parseReference(reference);
  if (kind !== "SecretString") throw refused(`the only kind of value is SecretString, not ${kind}`);
  if (stage !== "" && version !== "")
    throw refused("it names a version stage and a version id, and only one is taken");
  const { SecretString } = await context.call<SecretAnswer>(
    "secretsmanager",
    "GetSecretValue",
    {
      SecretId: id,
      ...(stage === "" ? {} : { VersionStage: stage }),
      ...(version === "" ? {} : { VersionId: version }),
    },
    caller,
  );
  if (SecretString === undefined) throw refused(`the secret ${id} has no SecretString`);
  return key === "" ? SecretString : memberOf(SecretString, key, id);
}

/** Its text is repeated by no message. */
function memberOf(text: string, key: string, id: string): string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw refused(`the secret ${id} is no JSON, so it has no key ${key}`);
  }
  const value = isRecord(content) && Object.hasOwn(content, key) ? content[key] : undefined;
  if (value === undefined)
    throw refused(
      `Could not find a value associated with JSONKey in SecretString (${id} has no key ${key})`,
    );
  return typeof value === "string" ? value : JSON.stringify(value);
}

function refused(why: string): ServiceError {
  return new ServiceError("InvalidRequest", `Dynamic reference to a secret: ${why}`);
}
