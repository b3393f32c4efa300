const units: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };

/** Shorter ones could be over before the stack is there: a first deployment takes minutes. */
const least = 15;
const most = 30 * 24 * 60;

export const ttlProblem = "must be from 15m to 30d";

/** Minutes of `30m`, `4h` or `7d`; undefined where it is none, or out of range. */
export function ttlMinutes(text: string): number | undefined {
  const { count = "", unit = "" } = /^(?<count>\d{1,5})(?<unit>[mhd])$/.exec(text)?.groups ?? {};
  const minutes = Number(count) * (units[unit] ?? Number.NaN);
  return minutes >= least && minutes <= most ? minutes : undefined;
}

/** Name of the template's parameter, and of the stack's output, that say when it is deleted: UTC, to the second. */
export const expiryName = "ExpiresAt";

/** Logical ids of what deletes the stack then. */
export const expiryResources = ["ExpiryRole", "ExpirySchedule"] as const;

/** To the second, UTC, without saying so: `2026-11-27T02:00:00`. */
export function expiryAfter(ttl: string, now: Date): string {
  const minutes = ttlMinutes(ttl);
  if (minutes === undefined) throw new RangeError(`no time to live: ${ttl}`);
  return new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 19);
}
