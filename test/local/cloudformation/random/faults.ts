import { ServiceError } from "../../../../src/local/service-error.ts";

/** What a handler's call meets instead of going well. */
export type Fault =
  /** It fails and has done nothing. */
  | "fail"
  /** It fails although it has done its work. */
  | "fail late"
  /** The target is killed before, or just after, the work; nothing that runs then goes on. */
  | "kill"
  | "kill late"
  /** The target is told to stop, and what has begun ends in order. */
  | "stop"
  /** The update is cancelled. */
  | "cancel";

/** One run of the target, from a start to its end. */
export interface Life {
  /** After a kill nothing of this run does anything any more. */
  readonly isDead: () => boolean;
  /** Whether its stack has said that it leaves the thing where it is. */
  readonly isLetGo: (physicalId: string) => boolean;
  readonly meet: Readonly<Record<"kill" | "stop" | "cancel", () => void>>;
}

/** Which calls fail or end the target, by their number since the last `expect`. */
export class Faults {
  #planned = new Map<number, Fault>();
  #count = 0;
  #random = 1;

  expect(faults: ReadonlyMap<number, Fault>, seed: number): void {
    this.#planned = new Map(faults);
    this.#count = 0;
    this.#random = seed;
  }

  async run<Result>(
    life: Life,
    work: (late: boolean) => Result | Promise<Result>,
  ): Promise<Result> {
    if (life.isDead()) return await never();
    const number = (this.#count += 1);
    const fault = this.#planned.get(number);
    this.#planned.delete(number);
    await this.#aWhile();
    if (life.isDead()) return await never();
    if (fault === "fail") throw new ServiceError("Refused", `call ${number} is to fail`);
    if (fault === "kill") {
      life.meet.kill();
      return await never();
    }
    if (fault === "stop" || fault === "cancel") life.meet[fault]();
    const result = await work(fault === "fail late");
    if (fault === "fail late") throw new ServiceError("Refused", `call ${number} fails late`);
    if (fault === "kill late") {
      life.meet.kill();
      return await never();
    }
    await this.#aWhile();
    if (life.isDead()) return await never();
    return result;
  }

  /** So that work on several resources interleaves, differently for each seed and alike for the same. */
  async #aWhile(): Promise<void> {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    for (let turns = this.#random % 12; turns > 0; turns -= 1) await Promise.resolve();
  }
}

const never = () => new Promise<never>(() => {});
