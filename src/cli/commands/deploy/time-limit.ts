import type { AwsTarget } from "../../../aws/target.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { untilRefused } from "../../../deploy/watch-endpoint.ts";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { System } from "../../system.ts";

/** What AWS is doing now, and how to come back to it: the words of an interruption. */
export interface Phase {
  readonly awsGoesOn: string;
  readonly comeBack: string;
  /** AWS works on what this command began, whoever looks. */
  readonly isUnderWay?: boolean;
}

export interface Limits {
  /** Aborts with an LmiError: exit code 130 or 143 when interrupted, 124 when the time is up. */
  readonly signal: AbortSignal;
  phase: Phase;
  /**
   * Starts the clock of `--max-wait`, and watches a local target, without which nothing goes on. People who
   * answer a question are not timed. @returns what stops both
   */
  readonly allow: (minutes: number, target: WatchedTarget) => () => void;
  readonly end: () => void;
}

type WatchedTarget = Pick<AwsTarget, "local" | "endpoint">;
type LimitedSystem = Pick<System, "interrupt" | "interruptedBy" | "sleep">;

/**
 * Joins Ctrl-C, SIGTERM, `--max-wait`, and the end of a local target. From here on a signal does not end the
 * process by itself: every wait must listen. Call `end` when the work is over.
 */
export function startLimits(system: LimitedSystem, phase: Phase): Limits {
  const controller = new AbortController();
  const over = new AbortController();
  let asked: number | undefined;
  const allow = (minutes: number, target: WatchedTarget) => {
    // What is left after waiting for somebody else is less than what was asked for.
    const all = (asked ??= minutes);
    const stop = new AbortController();
    const ends = AbortSignal.any([over.signal, stop.signal]);
    system.sleep(minutes * 60_000, ends).then(
      () => void (ends.aborted || controller.abort(timedOut(all, limits.phase))),
      () => undefined, // The work was over first.
    );
    if (target.local && target.endpoint !== undefined) {
      untilRefused(target.endpoint, ends).then(
        () => controller.abort(targetGone()),
        () => undefined, // The work was over first.
      );
    }
    return () => stop.abort();
  };
  const limits: Limits = { signal: controller.signal, phase, allow, end: () => over.abort() };
  const interrupt = () => controller.abort(interrupted(system.interruptedBy, limits.phase));
  if (system.interrupt.aborted) interrupt();
  system.interrupt.addEventListener("abort", interrupt, { once: true, signal: over.signal });
  return limits;
}

/** What only reads and asks: interrupted, it says what `phase` says, as nothing has begun. */
export async function untilInterrupted<T>(
  system: LimitedSystem,
  phase: Phase,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limits = startLimits(system, phase);
  try {
    return await untilAborted(work(limits.signal), limits.signal);
  } finally {
    limits.end();
  }
}

function targetGone(): LmiError {
  return new LmiError("LMI_ENDPOINT_UNREACHABLE", "The local target has ended.", {
    why: "It was stopped or killed while this command was at work. What it had done is kept.",
  });
}

function interrupted(by: System["interruptedBy"], { awsGoesOn, comeBack }: Phase): LmiError {
  return new LmiError("LMI_INTERRUPTED", "Interrupted.", {
    why: awsGoesOn,
    next: comeBack,
    exitCode: by === "SIGTERM" ? ExitCode.terminated : ExitCode.interrupted,
  });
}

function timedOut(minutes: number, { awsGoesOn, comeBack }: Phase): LmiError {
  return new LmiError("LMI_TIMED_OUT", `Not done within ${spent(minutes)} (--max-wait).`, {
    why: awsGoesOn,
    next: comeBack,
    exitCode: ExitCode.timeout,
  });
}

/** `60 minutes`, `1 minute`, `3 seconds`. */
function spent(minutes: number): string {
  const [value, unit] =
    minutes < 1
      ? [Number((minutes * 60).toPrecision(2)), "second"]
      : [Number(minutes.toFixed(2)), "minute"];
  return `${value} ${unit}${value === 1 ? "" : "s"}`;
}

/** Parses `--max-wait`. */
export function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isFinite(minutes) && minutes > 0 && minutes <= 1440) return minutes;
  throw new LmiError("LMI_USAGE", `--max-wait ${text} is not a number of minutes.`, {
    why: "It takes a number above 0 and up to 1440.",
    next: "Give minutes, e.g. --max-wait 60",
    exitCode: ExitCode.usage,
  });
}
