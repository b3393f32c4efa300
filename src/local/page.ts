export interface Page<Item> {
  readonly items: Item[];
  /** The token of the next page; nothing after the last. */
  readonly next: string | undefined;
}

/** A page of a list; `token` is where it starts. Nothing where no earlier page gave that token. */
export function pageOf<Item>(
  all: readonly Item[],
  token: string | undefined,
  size: number,
): Page<Item> | undefined {
  if (token !== undefined && !/^\d{1,9}$/.test(token)) return undefined;
  const from = Number(token ?? 0);
  const end = from + size;
  return { items: all.slice(from, end), next: end < all.length ? String(end) : undefined };
}
