import { invalidParameter } from "./failures.ts";

interface PageInput {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** Lambda's lists have at most 50 items a page (botocore service model). */
const maxPageItems = 50;

/** One page of a list; the marker is the position of the next item. */
export function page<Item>(
  all: readonly Item[],
  input: PageInput,
): { readonly items: Item[]; readonly NextMarker: string | undefined } {
  const start = input.Marker === undefined ? 0 : Number(input.Marker);
  if (!Number.isInteger(start) || start < 0)
    throw invalidParameter("The marker is not one that this operation returned.");
  const end = start + Math.min(input.MaxItems ?? maxPageItems, maxPageItems);
  return {
    items: all.slice(start, end),
    NextMarker: end < all.length ? String(end) : undefined,
  };
}
