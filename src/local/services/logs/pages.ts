import { invalidParameter } from "./logs-errors.ts";

export function encodeToken(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token that this target did not make is refused as AWS does. */
export function decodeToken<Value extends object>(
  token: string | undefined,
  isValid: (value: Value) => boolean,
): Value | undefined {
  if (token === undefined) return undefined;
  try {
    const value = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as Value;
    if (isValid(value)) return value;
  } catch {
    // Refused below.
  }
  throw invalidParameter("The specified nextToken is invalid.");
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

export function page<Item>(
  all: readonly Item[],
  token: string | undefined,
  size: number,
): Page<Item> {
  const { start } = decodeToken<{ start: number }>(token, (value) =>
    Number.isInteger(value.start),
  ) ?? { start: 0 };
  const end = start + size;
  return {
    items: all.slice(start, end),
    nextToken: end < all.length ? encodeToken({ start: end }) : undefined,
  };
}
