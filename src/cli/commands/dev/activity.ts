import type { WatchedEnd, WatchedRequest } from "../../../local/runtime/function-watch.ts";

export interface ActivityReading {
  readonly inFlight: number;
  /** Requests that have ended since the last reload, and of them those with an error. */
  readonly ended: number;
  readonly errors: number;
  /** Callers that were answered 429 since then. */
  readonly refused: number;
  /** The longest of those that have ended since then and those that run; nothing where there was none. */
  readonly slowest:
    | { readonly requestId: string; readonly milliseconds: number; readonly runs: boolean }
    | undefined;
}

/** Counts requests; what ended is forgotten with each reload, since it says nothing of the new code. */
export class Activity {
  /** When each of those that run began. */
  readonly #running = new Map<string, number>();
  #ended = 0;
  #errors = 0;
  #refused = 0;
  #slowest: { readonly requestId: string; readonly milliseconds: number } | undefined;

  began({ requestId }: WatchedRequest, now: number): void {
    this.#running.set(requestId, now);
  }

  ended({ requestId }: WatchedRequest, { durationMs, errorType }: WatchedEnd): void {
    // Of what was under way before a reload, too: somebody waited for it.
    this.#running.delete(requestId);
    this.#ended += 1;
    if (errorType !== undefined) this.#errors += 1;
    if (durationMs > (this.#slowest?.milliseconds ?? -1))
      this.#slowest = { requestId, milliseconds: durationMs };
  }

  refused(): void {
    this.#refused += 1;
  }

  reset(): void {
    this.#ended = 0;
    this.#errors = 0;
    this.#refused = 0;
    this.#slowest = undefined;
  }

  read(now: number): ActivityReading {
    // The first is the oldest.
    const [oldest] = this.#running;
    const running = oldest && { requestId: oldest[0], milliseconds: now - oldest[1] };
    const isSlower = running && running.milliseconds > (this.#slowest?.milliseconds ?? -1);
    const slowest = isSlower ? running : this.#slowest;
    return {
      inFlight: this.#running.size,
      ended: this.#ended,
      errors: this.#errors,
      refused: this.#refused,
      slowest: slowest && { ...slowest, runs: slowest === running },
    };
  }
}

/** `3 in flight · 120 answered · 2 errors · slowest 212 ms 3f2a91c4`: what may be cut comes last. */
export function activityText(reading: ActivityReading): string {
  const { inFlight, ended, errors, refused, slowest } = reading;
  return [
    `${inFlight} in flight`,
    `${ended} answered`,
    errors === 1 ? "1 error" : `${errors} errors`,
    ...(refused === 0 ? [] : [`${refused} throttled`]),
    ...(slowest === undefined ? [] : [slowestText(slowest)]),
  ].join(" · ");
}

function slowestText({
  requestId,
  milliseconds,
  runs,
}: NonNullable<ActivityReading["slowest"]>): string {
  return `slowest ${timeText(milliseconds)} ${requestId.slice(0, 8)}${runs ? " so far" : ""}`;
}

/** `12 ms`, `4.2 s` */
export function timeText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(1, Math.round(milliseconds))} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
}
