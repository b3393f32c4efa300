/** One event that requests of the run get. */
export interface Sample {
  /** Where it came from, `events/order.json`, or what it was made from. */
  readonly name: string;
  readonly event: unknown;
}

/** A value at a place in an event or an answer. */
export interface Leaf {
  /** JSON pointer; texts that are JSON themselves go on inside: `/body/total`. */
  readonly pointer: string;
  readonly value: string | number | boolean | null;
}

/** All values, in the order of the document. */
export function leavesOf(value: unknown, pointer = ""): Leaf[] {
  const inner = typeof value === "string" ? nested(value) : value;
  if (Array.isArray(inner))
    return inner.length === 0
      ? [{ pointer, value: "[]" }]
      : inner.flatMap((each, index) => leavesOf(each, `${pointer}/${index}`));
  if (typeof inner === "object" && inner !== null) {
    const entries = Object.entries(inner);
    return entries.length === 0
      ? [{ pointer, value: "{}" }]
      : entries.flatMap(([key, each]) => leavesOf(each, `${pointer}/${escaped(key)}`));
  }
  if (value === undefined) return [];
  return [{ pointer, value: value as Leaf["value"] }];
}

const escaped = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** The body of an HTTP event or answer is JSON in a text. */
function nested(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
