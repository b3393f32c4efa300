import type { InvocationResult } from "../../local/runtime/invocation.ts";
import { type AloneInput, firstAlone, leafMap, textOf } from "../run/alone.ts";
import { RaceEnvironment, timedOut } from "../run/race-environment.ts";
import { type Leaf, leavesOf, type Sample } from "../run/sample.ts";
import { alterable } from "./alterable.ts";
import { copiesOf } from "./copies-of.ts";

/** What stands for further events where there is one alone. */
export interface Copies {
  readonly samples: readonly Sample[];
  /** JSON pointers of what is another in each; none: the function fails with copies, and these are the event again. */
  readonly altered: readonly string[];
  /** The function answers copies otherwise than the event (404, say): of its code, less is run with them. */
  readonly otherwise: boolean;
}

/** Texts that are tried one by one where altering all of them is not taken. */
const mostTried = 40;
/** Numbers of these requests, beyond those of runs alone. */
const firstTrial = firstAlone + 2 ** 32;

/**
 * Copies of an event that differ in what says whom it is for, so that requests can be told apart. Which of its texts
 * those are, the function says: what it refuses or answers in another form, as an unknown kind of event, stays as it is.
 * Fails with InitFailure when the function cannot be initialised.
 */
export async function chooseCopies(
  input: Omit<AloneInput, "samples" | "parallel">,
  { event, name }: Sample,
  count: number,
): Promise<Copies> {
  const all = alterable(event);
  const chosen = (texts: readonly string[], otherwise = false): Copies => {
    const copies = copiesOf(event, texts, count);
    const samples = copies.map((copy, index) => ({
      name: `${name}, copy ${index + 1}`,
      event: copy,
    }));
    return { samples, altered: pointersThatDiffer(event, copies[0]), otherwise };
  };
  const trial = new Trial(input);
  try {
    const own = await trial.form(event);
    // What fails alone is told when it runs alone.
    if (own === undefined || own === failure) return chosen(all);
    const taken = async (texts: readonly string[]) => {
      for (const copy of copiesOf(event, texts, count))
        if ((await trial.form(copy)) !== own) return false;
      return texts.length > 0;
    };
    if (await taken(all)) return chosen(all);
    const some: string[] = [];
    for (const text of all.slice(0, mostTried)) if (await taken([text])) some.push(text);
    if (await taken(some)) return chosen(some);
    const others = await trial.form(copiesOf(event, all, 1)[0]);
    return others === undefined || others === failure ? chosen([]) : chosen(all, true);
  } finally {
    await trial.end();
  }
}

function pointersThatDiffer(one: unknown, other: unknown): string[] {
  const values = new Map(leavesOf(other).map(({ pointer, value }) => [pointer, value]));
  return leavesOf(one)
    .filter(({ pointer, value }) => values.get(pointer) !== value)
    .map(({ pointer }) => pointer);
}

const failure = "failure";

/** How often requests may take their whole time; after that no more is asked. */
const mostTimeouts = 3;

/** Events that run alone, one after the other, in one environment as long as it answers. */
class Trial {
  readonly #input: Pick<AloneInput, "environment" | "plan">;
  #environment: RaceEnvironment | undefined;
  #sent = 0;
  #timeouts = 0;

  constructor(input: Pick<AloneInput, "environment" | "plan">) {
    this.#input = input;
  }

  /**
   * What makes an answer one of its kind: status and members, not values. Nothing: no answer. Fails with InitFailure
   * when the function cannot be initialised.
   */
  async form(event: unknown): Promise<string | undefined> {
    if (this.#timeouts >= mostTimeouts) return undefined;
    this.#environment ??= await this.#start();
    const wave = (this.#sent += 1);
    const place = { seed: this.#input.plan.seed, number: firstTrial + wave, wave, size: 1 };
    const payload = Buffer.from(JSON.stringify(event));
    const [result] = (await this.#environment.wave(0, [{ place, payload }])) ?? [];
    if (result && !timedOut(result)) return formOf(result);
    if (result) this.#timeouts += 1;
    // The worker ended, or code that goes on running would be in the way of the next one.
    await this.end();
    return undefined;
  }

  async end(): Promise<void> {
    const environment = this.#environment;
    this.#environment = undefined;
    await environment?.stop();
  }

  #start(): Promise<RaceEnvironment> {
    const { environment, plan } = this.#input;
    return RaceEnvironment.start(environment, {
      maxConcurrency: 1,
      workers: 1,
      plan: { ...plan, slowMs: 0, measuredWaves: [] },
    });
  }
}

function formOf(result: InvocationResult): string {
  if (result.errorType !== undefined) return failure;
  const leaves: ReadonlyMap<string, Leaf["value"]> = leafMap(textOf(result));
  return JSON.stringify([leaves.get("/statusCode"), [...leaves.keys()].toSorted()]);
}
