import type { AnyNode } from "acorn";
import type { Value } from "./value.ts";

/** How a place is written to. */
export type WriteForm =
  /** all of it is another value now */
  | "assigned"
  /** something was put into it, and the rest stays */
  | "added"
  /** the new value is made of the old one: `sum += 1` */
  | "summed"
  /** under a key that depends on the request */
  | "keyed"
  /** what was in it is gone */
  | "emptied"
  /** one of what was in it is gone */
  | "removed";

/** One writing to what lives longer than a request. */
export interface Write {
  /** Where: "current@12", "state@3.user", "env:TENANT", "file:/tmp/out.json". */
  readonly location: string;
  readonly label: string;
  readonly form: WriteForm;
  readonly node: AnyNode;
  readonly value: Value;
  /** Only while something kept says that it is missing or too old: what is kept is made once. */
  readonly guarded: boolean;
  /** Turns in which this is written. */
  readonly turns: readonly string[];
}

/** A writing, what other requests could do in between, and where it is used. */
export interface Use {
  readonly write: Write;
  /** The await in between; undefined where there is none. */
  readonly pause: AnyNode | undefined;
  readonly read: AnyNode;
  /** Turns in which this is read. */
  readonly turns: readonly string[];
  /** What was read leaves the function: returned, logged, sent. */
  leaves: boolean;
}

/** What may have happened on the way to a point of the code: a branch works on a copy, and copies are joined. */
export class Flow {
  ended = false;
  /** Number of awaits so far. */
  pauses = 0;
  /** Turns that have come and are not over, with the number of awaits before each. */
  readonly turns = new Map<string, number>();
  readonly #pending: Map<string, Map<Write, AnyNode | undefined>>;

  constructor(pending = new Map<string, Map<Write, AnyNode | undefined>>()) {
    this.#pending = pending;
  }

  copy(): Flow {
    const other = new Flow(
      new Map([...this.#pending].map(([key, writes]) => [key, new Map(writes)])),
    );
    other.ended = this.ended;
    other.pauses = this.pauses;
    for (const [turn, since] of this.turns) other.turns.set(turn, since);
    return other;
  }

  take(turn: string): void {
    if (!this.turns.has(turn)) this.turns.set(turn, this.pauses);
  }

  /** Either way may have been gone. */
  static join(one: Flow, other: Flow): Flow {
    if (one.ended !== other.ended) return (one.ended ? other : one).copy();
    const joined = one.copy();
    joined.pauses = Math.max(one.pauses, other.pauses);
    // Whoever did not wait found that it was its turn, or so it may be: that is for a run to show.
    for (const [turn, since] of other.turns)
      joined.turns.set(turn, Math.max(since, joined.turns.get(turn) ?? 0));
    for (const [location, writes] of other.#pending)
      for (const [write, pause] of writes) joined.#add(location, write, pause);
    return joined;
  }

  #add(location: string, write: Write, pause: AnyNode | undefined): void {
    const writes = this.#pending.get(location) ?? new Map<Write, AnyNode | undefined>();
    writes.set(write, writes.get(write) ?? pause);
    this.#pending.set(location, writes);
  }

  write(write: Write, pause?: AnyNode): void {
    const { location, form } = write;
    if (form === "assigned" || form === "emptied") {
      for (const key of this.#pending.keys())
        if (key === location || key.startsWith(`${location}.`)) this.#pending.delete(key);
    }
    if (form !== "emptied" && form !== "removed") this.#add(location, write, pause);
  }

  /** Other requests may run here. */
  pause(node: AnyNode): void {
    this.pauses += 1;
    for (const writes of this.#pending.values())
      for (const [write, pause] of writes) writes.set(write, pause ?? node);
  }

  /** What a call did that nobody waits for: its writings, but not its awaits. */
  resume(before: Flow): void {
    this.pauses = before.pauses;
    this.ended = before.ended;
    this.turns.clear();
    for (const [turn, since] of before.turns) this.turns.set(turn, since);
    for (const [location, writes] of this.#pending)
      for (const write of writes.keys())
        writes.set(write, before.#pending.get(location)?.get(write));
  }

  /** Writings that a read of this place sees: of the place itself, of what is in it, and of what it is in. */
  seen(location: string): readonly { write: Write; pause: AnyNode | undefined }[] {
    return [...this.#pending]
      .filter(
        ([key]) =>
          key === location || key.startsWith(`${location}.`) || location.startsWith(`${key}.`),
      )
      .flatMap(([, writes]) => [...writes].map(([write, pause]) => ({ write, pause })));
  }

  /** Writings to places of this kind that no other request could run after yet. */
  fresh(prefix: string): readonly Write[] {
    return [...this.#pending]
      .filter(([key]) => key.startsWith(prefix))
      .flatMap(([, writes]) => [...writes].flatMap(([write, pause]) => (pause ? [] : [write])));
  }
}
