import { alterText } from "./alter-text.ts";
import { isKept, replacedInside } from "./alterable.ts";
import { mapTexts, textsIn } from "./texts-in.ts";

/**
 * The event as it would be for others: in each copy these of its texts have values that no other copy has, the same
 * wherever they stand, inside of a path or a query, too. All else, numbers among it, is the event's own.
 */
export function copiesOf(event: unknown, texts: readonly string[], count: number): unknown[] {
  const taken = new Set(textsIn(event).map(({ text }) => text));
  return Array.from({ length: count }, (_, index) => {
    const values = valuesFor(texts, index + 1, taken);
    return mapTexts(event, (text, place) =>
      isKept(place) ? text : (values.get(text) ?? replacedParts(text, values)),
    );
  });
}

/** More words of a text than these are not altered. */
const mostWords = 3;

/** New values by the old ones. More than a text's last word is altered only where that gives a value that is taken. */
function valuesFor(
  texts: readonly string[],
  copy: number,
  taken: Set<string>,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const text of texts) {
    const value = [1, 2, mostWords]
      .map((words) => alterText(text, copy, words))
      .find((each) => !taken.has(each));
    if (value === undefined) continue;
    values.set(text, value);
    taken.add(value);
  }
  return values;
}

/** The longest first: one value may stand in another. */
function replacedParts(text: string, values: ReadonlyMap<string, string>): string {
  const parts = [...values].toSorted(([one], [other]) => other.length - one.length);
  return parts.reduce((all, [part, value]) => replacedInside(all, part, value), text);
}
