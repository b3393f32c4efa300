import type { ListSecretsRequest } from "@aws-sdk/client-secrets-manager";
import { ServiceError } from "../../service-error.ts";
import type { Secret } from "./secret.ts";

const mostResults = 100;

/** One page of the secrets that pass all filters; those to be deleted only where they are asked for. */
export function listed(
  all: readonly Secret[],
  { Filters = [], IncludePlannedDeletion, MaxResults = mostResults, NextToken }: ListSecretsRequest,
): { readonly items: readonly Secret[]; readonly NextToken: string | undefined } {
  const passing = all
    .filter(({ deleted }) => deleted === undefined || IncludePlannedDeletion === true)
    .filter((secret) => Filters.every(({ Key, Values = [] }) => passes(secret, Key ?? "", Values)));
  const text = NextToken === undefined ? "0" : Buffer.from(NextToken, "base64url").toString();
  if (!/^\d{1,9}$/.test(text))
    throw new ServiceError("InvalidNextTokenException", "The NextToken value is invalid.");
  const start = Number(text);
  const end = start + MaxResults;
  return {
    items: passing.slice(start, end),
    NextToken: end < passing.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}

/** Values are beginnings; one with `!` in front excludes (API reference, Filter). */
function passes(secret: Secret, key: string, values: readonly string[]): boolean {
  const texts = textsOf(secret, key);
  return values.some((value) => {
    const [excludes, wanted] = value.startsWith("!") ? [true, value.slice(1)] : [false, value];
    return texts.some((text) => text.startsWith(wanted)) !== excludes;
  });
}

function textsOf({ name, description = "", tags }: Secret, key: string): readonly string[] {
  if (key === "name") return [name];
  if (key === "description") return [description];
  if (key === "tag-key") return tags.map(({ Key = "" }) => Key);
  if (key === "tag-value") return tags.map(({ Value = "" }) => Value);
  if (key === "all")
    return [name, description, ...tags.flatMap(({ Key = "", Value = "" }) => [Key, Value])];
  throw new ServiceError(
    "InvalidParameterException",
    `The local target does not filter secrets by ${key}.`,
  );
}
