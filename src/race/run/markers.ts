import type { Sample } from "./sample.ts";
import { leavesOf } from "./sample.ts";

/** A value that only one sample has: where it turns up in what belongs to another one, something leaked. */
export interface Marker {
  readonly sample: number;
  readonly text: string;
  readonly pointer: string;
}

/** Characters from which on a text is unusual enough; and digits of a number. */
const minText = 4;
const minDigits = 4;

/**
 * The values of each sample by which it can be told from the others: none that stands in another sample, nor in what
 * another sample is answered when it runs alone.
 * @param answers of each sample alone, as text
 */
export function markersOf(samples: readonly Sample[], answers: readonly string[]): Marker[] {
  const texts = samples.map(
    ({ event }, index) => `${JSON.stringify(event)} ${answers[index] ?? ""}`,
  );
  return samples.flatMap(({ event }, sample) => {
    const found = new Map<string, Marker>();
    for (const { pointer, value } of leavesOf(event)) {
      const text = markerText(value);
      if (text === undefined || found.has(text)) continue;
      if (texts.some((other, index) => index !== sample && other.includes(text))) continue;
      found.set(text, { sample, text, pointer });
    }
    return [...found.values()];
  });
}

function markerText(value: unknown): string | undefined {
  if (typeof value === "number") {
    const text = String(value);
    return Number.isInteger(value) && text.length >= minDigits ? text : undefined;
  }
  // What must be escaped in JSON would not be found there.
  if (typeof value !== "string" || value.length < minText) return undefined;
  return JSON.stringify(value) === `"${value}"` ? value : undefined;
}

/** The marks of other samples in a text that belongs to `sample`. A number must stand by itself. */
export function foreignIn(text: string, sample: number, markers: readonly Marker[]): Marker[] {
  return markers.filter(
    (marker) => marker.sample !== sample && text.includes(marker.text) && standsAlone(text, marker),
  );
}

function standsAlone(text: string, { text: mark }: Marker): boolean {
  const inner = /^\w/.test(mark) && /\w$/.test(mark);
  if (!inner) return true;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? " ") && !/\w/.test(text[at + mark.length] ?? " ")) return true;
  }
  return false;
}
