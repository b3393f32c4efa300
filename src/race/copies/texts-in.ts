import { isDeepStrictEqual } from "node:util";

import { isRecord } from "../../is-record.ts";

/** Where in an event a text stands. */
export interface Place {
  /** Of the member; of a list's elements, the list's. */
  readonly name: string;
  /** It is a header of an HTTP request. */
  readonly inHeaders: boolean;
}

const top: Place = { name: "", inHeaders: false };

/** The event with another text in place of each. JSON that stands as text, in base64 too, is gone into. */
export function mapTexts(
  value: unknown,
  map: (text: string, place: Place) => string,
  place = top,
): unknown {
  if (typeof value === "string") {
    const inner = innerOf(value);
    if (!inner) return map(value, place);
    const mapped = mapTexts(inner.value, map, place);
    // Its own spaces and numbers are kept where nothing is another.
    return isDeepStrictEqual(mapped, inner.value) ? value : inner.write(mapped);
  }
  if (Array.isArray(value)) return value.map((each: unknown) => mapTexts(each, map, place));
  if (!isRecord(value)) return value;
  const inHeaders = /^(multiValue)?headers$/i.test(place.name);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, mapTexts(each, map, { name, inHeaders })]),
  );
}

/** All texts in the order of the document. */
export function textsIn(value: unknown): { readonly text: string; readonly place: Place }[] {
  const found: { readonly text: string; readonly place: Place }[] = [];
  mapTexts(value, (text, place) => {
    found.push({ text, place });
    return text;
  });
  return found;
}

interface Inner {
  readonly value: object;
  readonly write: (value: unknown) => string;
}

/** What a text holds that is an object or list in JSON: a body, a message, a record of a stream. */
function innerOf(text: string): Inner | undefined {
  const plain = parsed(text);
  if (plain) return { value: plain, write: (value) => JSON.stringify(value) };
  // Base64 of what begins with a brace or a bracket.
  if (!/^(e[wy]|W)[A-Za-z\d+/]{10,}=*$/.test(text)) return undefined;
  const value = parsed(Buffer.from(text, "base64").toString("utf8"));
  return value && { value, write: (each) => Buffer.from(JSON.stringify(each)).toString("base64") };
}

function parsed(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
