import type { TimelineEvent } from "../ports.ts";

/** Lines that are remembered at most: about 20 MB. Above that, the window becomes shorter. */
const most = 200_000;

/**
 * Which lines have been shown, for two ways of reading that overlap. Live tail's events carry no id, so a line is known
 * by group, stream, time and text; of lines that are alike in all of these it is counted how many there were. The count
 * of either way is compared with what was shown: whichever has seen more shows the difference.
 */
export class Ledger {
  readonly #limit: number;
  readonly #shown: Counts;
  #live: Counts;
  #swept = new Map<number, number>();
  #sweptTime = -1;
  #recordFrom = 0;

  constructor(limit: number = most) {
    this.#limit = limit;
    this.#shown = new Counts(limit);
    this.#live = new Counts(limit);
  }

  /** Lines before this time are no longer known: they must not be read again. */
  get floor(): number {
    return this.#shown.floor;
  }

  forgetBefore(time: number): void {
    this.#shown.forgetBefore(time);
    this.#live.forgetBefore(time);
  }

  /** @param recordFrom older lines will not be read again, so they need not be remembered */
  beginSweep(recordFrom: number): void {
    this.#recordFrom = recordFrom;
    this.#sweptTime = -1;
  }

  /** Of a sweep, which comes in order of time. */
  isNewInSweep(event: TimelineEvent): boolean {
    if (event.time < this.#recordFrom) return true;
    if (event.time !== this.#sweptTime) {
      this.#sweptTime = event.time;
      this.#swept.clear();
    }
    const key = keyOf(event);
    const count = (this.#swept.get(key) ?? 0) + 1;
    this.#swept.set(key, count);
    return this.#shows(event.time, key, count);
  }

  /** Another session counts from the start. */
  beginSession(): void {
    this.#live = new Counts(this.#limit);
  }

  isNewLive(event: TimelineEvent): boolean {
    // Too late for any sweep: nobody else shows it.
    if (event.time < this.floor) return true;
    const key = keyOf(event);
    return this.#shows(event.time, key, this.#live.add(event.time, key));
  }

  #shows(time: number, key: number, count: number): boolean {
    if (count <= this.#shown.of(time, key)) return false;
    this.#shown.add(time, key);
    return true;
  }
}

/** How often each key came, by second of its time, so that old ones go all at once. */
class Counts {
  readonly #limit: number;
  readonly #seconds = new Map<number, Map<number, number>>();
  #size = 0;
  #floor = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get floor(): number {
    return this.#floor;
  }

  of(time: number, key: number): number {
    return this.#seconds.get(secondOf(time))?.get(key) ?? 0;
  }

  add(time: number, key: number): number {
    const second = secondOf(time);
    let counts = this.#seconds.get(second);
    if (counts === undefined) this.#seconds.set(second, (counts = new Map()));
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count === 1) this.#size += 1;
    if (this.#size > this.#limit) this.#dropOldest();
    return count;
  }

  forgetBefore(time: number): void {
    const first = secondOf(time);
    for (const second of this.#seconds.keys()) if (second < first) this.#drop(second);
    this.#floor = Math.max(this.#floor, first * 1000);
  }

  /** All but the newest second, whose lines are the ones that may come again. */
  #dropOldest(): void {
    if (this.#seconds.size < 2) return;
    const oldest = Math.min(...this.#seconds.keys());
    this.#drop(oldest);
    this.#floor = Math.max(this.#floor, (oldest + 1) * 1000);
  }

  #drop(second: number): void {
    this.#size -= this.#seconds.get(second)?.size ?? 0;
    this.#seconds.delete(second);
  }
}

const secondOf = (time: number) => Math.floor(time / 1000);

function keyOf({ logGroup, logStream, time, message }: TimelineEvent): number {
  return hash(`${logGroup}\n${logStream}\n${time}\n${message.trimEnd()}`);
}

/** 53 bits: among 200,000 lines two that are not alike meet with a chance of one in 450,000. */
function hash(text: string): number {
  let high = 0x1b873593;
  let low = 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high =
    Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low =
    Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
