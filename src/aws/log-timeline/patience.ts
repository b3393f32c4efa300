import { LmiError } from "../../errors.ts";
import { explainHere } from "../explain.ts";
import { httpStatusOf } from "../failed-call.ts";
import type { LogTrouble } from "../ports.ts";
import type { AwsTarget } from "../target.ts";
import type { LogClock } from "./clock.ts";

export interface PatienceOptions {
  readonly target: AwsTarget;
  readonly clock: LogClock;
  /** How often what fails in a row is tried again; the SDK's own attempts come on top. */
  readonly retries: number;
  readonly onTrouble?: ((trouble: LogTrouble) => void) | undefined;
}

const longestWaitMs = 30_000;

/** Trouble that passes by itself. The network counts only once it has worked: before that the address may be wrong. */
const passing: ReadonlySet<string> = new Set(["LMI_THROTTLED", "LMI_CONNECTION_BROKEN"]);
const passingOnceAnswered: ReadonlySet<string> = new Set([
  "LMI_ENDPOINT_UNREACHABLE",
  "LMI_REGION_UNREACHABLE",
]);

/** Calls that are tried again while the trouble is one that passes; other failures come out explained. */
export class Patience {
  readonly #options: PatienceOptions;
  #answered = false;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** Without patience once the signal aborts. */
  async call<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        const answer = await work();
        this.#answered = true;
        return answer;
      } catch (error) {
        await this.#bear(error, failures, signal);
      }
    }
  }

  /** Waits, or throws. */
  async #bear(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    const { target, clock, retries, onTrouble } = this.#options;
    if (signal?.aborted) throw error;
    const explained = await explainHere(error, target);
    if (failures > retries || !this.#passes(explained, error)) throw explained;
    // Half of it by chance, so that many readers do not come back at once.
    const waitMs = Math.min(longestWaitMs, 250 * 2 ** failures) * (0.5 + Math.random() / 2);
    onTrouble?.({ message: explained instanceof Error ? explained.message : "", waitMs });
    await clock.sleep(waitMs, signal);
    if (signal?.aborted) throw error;
  }

  #passes(explained: unknown, error: unknown): boolean {
    if (!(explained instanceof LmiError)) return false;
    if (passing.has(explained.code)) return true;
    // A local target that does not answer is gone: another one has another address.
    if (passingOnceAnswered.has(explained.code))
      return this.#answered && !this.#options.target.local;
    return (httpStatusOf(error) ?? 0) >= 500 && explained.code === "LMI_AWS_ERROR";
  }
}
