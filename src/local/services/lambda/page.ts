import { pageOf } from "../../page.ts";
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
  const size = Math.min(input.MaxItems ?? maxPageItems, maxPageItems);
  const found = pageOf(all, input.Marker === "" ? undefined : input.Marker, size);
  if (!found) throw invalidParameter("The marker is not one that this operation returned.");
  return { items: found.items, NextMarker: found.next };
}
