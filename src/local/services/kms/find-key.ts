import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";
import type { Alias, Key } from "./keys.ts";

/** By id, ARN of the key, `alias/name` or ARN of an alias. */
export function find(
  keys: Collection<Key>,
  aliases: Collection<Alias>,
  context: CallContext,
  keyId = "",
): Key {
  const alias = /(?:^|:)(?<name>alias\/.+)$/.exec(keyId)?.groups?.["name"];
  const id = alias === undefined ? idOf(keyId) : aliases.get(context.region, alias)?.keyId;
  const key = id === undefined ? undefined : keys.get(context.region, id);
  if (key === undefined)
    throw new ServiceError(
      "NotFoundException",
      `Key '${arnOf(idOf(keyId), context)}' does not exist`,
    );
  return key;
}

function idOf(keyId = ""): string {
  return keyId.slice(keyId.lastIndexOf("/") + 1);
}

export function arnOf(id: string, { region, accountId }: CallContext): string {
  return `arn:aws:kms:${region}:${accountId}:key/${id}`;
}
