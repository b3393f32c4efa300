import type { RaceResult, Sample } from "../../../race/race.ts";

/** The events of a run. */
export interface RaceEvents {
  readonly samples: readonly Sample[];
  /** How many altered copies of a lone one come besides. */
  readonly copies: number;
}

/** Something that a result is to be read with. */
export interface Caveat {
  readonly text: string;
  /** There is something to do about it. */
  readonly warns: boolean;
}

/** With its two copies, a lone event is three: two that others than the first one may be told from. */
const copiesOfOne = 2;

/**
 * A lone event gets copies for others than whom it is for. None where outgoing calls leave this machine, since other
 * systems would be asked for what nobody has, where it is made from a schema, which copies need not fit, and where
 * nothing in it can be altered.
 */
export async function raceEvents(
  samples: readonly Sample[],
  { network, schema }: { readonly network: boolean; readonly schema: string | undefined },
): Promise<RaceEvents> {
  const [one] = samples;
  if (!one || samples.length > 1 || network || schema !== undefined) return { samples, copies: 0 };
  const { alterable } = await import("../../../race/copies/alterable.ts");
  return { samples, copies: alterable(one.event).length > 0 ? copiesOfOne : 0 };
}

export const countOf = ({ samples, copies }: RaceEvents) => samples.length + copies;

/** "2 events", "1 event and 2 altered copies" */
export function eventsText({ samples, copies }: RaceEvents): string {
  const own = samples.length === 1 ? "1 event" : `${samples.length} events`;
  return copies > 0 ? `${own} and ${copies} altered copies` : own;
}

/** What was run in place of further events, or why nothing was. */
export function copiesLine(
  { samples, copies }: RaceEvents,
  made: RaceResult["copies"],
): Caveat | undefined {
  const [one] = samples;
  if (!one || samples.length > 1 || (copies > 0 && !made)) return undefined;
  if (!made) return { text: `With one event alone, ${unknown}`, warns: true };
  if (made.altered.length === 0)
    return {
      text: `The function fails with altered copies of ${one.name}: ${unknown}`,
      warns: true,
    };
  const differ = `The altered copies differ from ${one.name} at ${places(made.altered)}`;
  const otherwise = made.otherwise ? ", and are answered otherwise" : "";
  return { text: `${differ}${otherwise}: events of your own show more.`, warns: false };
}

const unknown =
  "requests cannot be told apart by their values. Give two or three that differ: --events";

/** Places that are named. */
const mostNamed = 3;

function places(pointers: readonly string[]): string {
  const others = pointers.length - mostNamed;
  const named = pointers.slice(0, mostNamed).join(", ");
  return others > 0 ? `${named} and ${others} more` : named;
}
