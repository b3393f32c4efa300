// A request's id carries its place in the run, so that the worker knows it from what any runtime is given, and so that
// the same seed gives the same ids.

/** Where in a run a request stands. */
export interface RequestPlace {
  readonly seed: number;
  /** Its number in the run, from 1. */
  readonly number: number;
  /** Which requests it runs together with: those of its worker's wave. */
  readonly wave: number;
  /** How many requests the wave has. */
  readonly size: number;
}

const of = (digits: string) => Number.parseInt(digits, 16);
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

/** A UUID of version 4's form. Wave up to 65,535, size up to 4,095. */
export function requestIdOf({ seed, number, wave, size }: RequestPlace): string {
  return `${hex(seed >>> 0, 8)}-${hex(wave, 4)}-4${hex(size, 3)}-8${"0".repeat(3)}-${hex(number, 12)}`;
}

const pattern = /^([\da-f]{8})-([\da-f]{4})-4([\da-f]{3})-8000-([\da-f]{12})$/;

export function placeOfRequest(requestId: string): RequestPlace | undefined {
  const [, seed = "", wave = "", size = "", number = ""] = pattern.exec(requestId) ?? [];
  if (seed === "") return undefined;
  return { seed: of(seed), number: of(number), wave: of(wave), size: of(size) };
}
