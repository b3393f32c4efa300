import { ServiceError } from "../../service-error.ts";

export interface PageInput {
  readonly Limit?: number | undefined;
  readonly Marker?: string | undefined;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly Truncated: boolean;
  readonly NextMarker?: string;
}

/** Keys and aliases come 100 a page where Limit says nothing else (AWS KMS API reference, ListKeys: up to 1,000). */
const defaultLimit = 100;

/** One page; the marker names the last item of the page before, so that changes in between do no harm. */
export function page<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { Limit = defaultLimit, Marker }: PageInput,
): Page<Item> {
  const sorted = all.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const after = Marker === undefined ? "" : readMarker(Marker);
  const rest = sorted.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, Limit);
  const last = items.at(-1);
  if (last === undefined || items.length === rest.length) return { items, Truncated: false };
  return {
    items,
    Truncated: true,
    NextMarker: Buffer.from(`after:${keyOf(last)}`).toString("base64url"),
  };
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, "base64url").toString();
  if (text.startsWith("after:")) return text.slice("after:".length);
  throw new ServiceError("InvalidMarkerException", "Could not deserialize marker");
}
