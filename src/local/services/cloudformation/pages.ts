import { validationError } from "../../cloudformation/template/template.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
}

/** One page of a list; the token says after which item the next page begins, so that new items disturb nothing. */
export function page<Item>(
  items: readonly Item[],
  token: string | undefined,
  key: (item: Item) => string,
  size = 100,
): Page<Item> {
  const start = token === undefined ? 0 : indexAfter(items, token, key);
  const chosen = items.slice(start, start + size);
  const last = chosen.at(-1);
  const isMore = start + size < items.length && last !== undefined;
  return { items: chosen, next: isMore ? Buffer.from(key(last)).toString("base64url") : undefined };
}

function indexAfter<Item>(
  items: readonly Item[],
  token: string,
  key: (item: Item) => string,
): number {
  const wanted = Buffer.from(token, "base64url").toString();
  const index = items.findIndex((item) => key(item) === wanted);
  if (index < 0) throw validationError("NextToken is not valid");
  return index + 1;
}
