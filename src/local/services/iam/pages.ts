import { ServiceError } from "../../service-error.ts";

interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

interface Page<Item> {
  readonly items: Item[];
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

/** IAM answers 100 items where MaxItems says nothing else (IAM API reference). */
const defaultItems = 100;

/** One page of a list; the marker names the last item of the page before, so that changes in between do no harm. */
export function page<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
): Page<Item> {
  const sorted = all.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const after = request.Marker === undefined ? undefined : readMarker(request.Marker);
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, request.MaxItems ?? defaultItems);
  const last = items.at(-1);
  if (last === undefined || items.length === rest.length) return { items, IsTruncated: false };
  return {
    items,
    IsTruncated: true,
    Marker: Buffer.from(`after:${keyOf(last)}`).toString("base64"),
  };
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, "base64").toString("utf8");
  if (!text.startsWith("after:")) {
    throw new ServiceError("ValidationError", "Invalid Marker.", { status: 400 });
  }
  return text.slice("after:".length);
}
