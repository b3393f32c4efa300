import { performance } from "node:perf_hooks";

import { gapsOf } from "./arrivals.ts";
import type { LoadSpec, RateLoad } from "./load-spec.ts";
import { type LoadResult, Measurement } from "./measurement.ts";
import type { Sender } from "./sender.ts";

/** Starts in one turn of the event loop: more would keep answers waiting. */
const maxBurst = 64;
/** Node's timers fire up to this much late; from here on the loop is turned until the request is due. */
const timerMs = 2;
const drainLookMs = 5;

/** Puts one load on the sender, and resolves when it is over and answered, given up or interrupted. */
export async function generateLoad(
  spec: LoadSpec,
  sender: Sender,
  signal: AbortSignal,
): Promise<LoadResult> {
  const start = performance.now();
  const end = start + spec.settleMs + spec.measureMs;
  const measurement = new Measurement(start + spec.settleMs, end);
  const run: Run = { spec, sender, signal, measurement, start, end };
  const { load } = spec;
  const ended =
    load.kind === "rate" ? await openLoop(run, load) : await closedLoop(run, load.callers);
  measurement.stop(performance.now());
  await drain(run);
  return measurement.result({
    overrun: ended === "overrun",
    stopped: ended === "overrun" ? undefined : ended,
    interrupted: signal.aborted,
  });
}

interface Run {
  readonly spec: LoadSpec;
  readonly sender: Sender;
  readonly signal: AbortSignal;
  readonly measurement: Measurement;
  readonly start: number;
  readonly end: number;
}

/** Why a load ended early: too many were under way, failed, or cost too much. */
type Ended = "overrun" | LoadResult["stopped"];

const stopReason = ({ measurement, spec, start }: Run, now: number) =>
  measurement.stopReason(spec, now - start);

function openLoop(run: Run, load: RateLoad): Promise<Ended> {
  const { spec, sender, signal, measurement, end } = run;
  const gap = gapsOf(load);
  let due = run.start + gap() * (load.arrivals === "even" ? load.phase : 1);
  let event = load.seed % sender.events;
  /** @returns false where none is due */
  const startOne = (now: number): boolean => {
    if (due > now || due >= end || stopReason(run, now) !== undefined) return false;
    const from = due;
    measurement.started(from, now);
    sender.send(event, (outcome) => measurement.ended(from, outcome));
    event = (event + 1) % sender.events;
    due += gap();
    return true;
  };
  return new Promise((resolve) => {
    const turn = () => {
      let left = maxBurst;
      while (left > 0 && startOne(performance.now())) left -= 1;
      if (measurement.inFlight > spec.maxInFlight) return resolve("overrun");
      const now = performance.now();
      const stopped = stopReason(run, now);
      if (stopped !== undefined || signal.aborted || Math.max(now, due) >= end)
        return resolve(stopped);
      const wait = due - now;
      if (wait > timerMs) setTimeout(turn, Math.floor(wait - timerMs / 2));
      else setImmediate(turn);
    };
    turn();
  });
}

function closedLoop(run: Run, callers: number): Promise<Ended> {
  const { sender, signal, measurement, end } = run;
  let event = 0;
  return new Promise((resolve) => {
    let calling = callers;
    const call = () => {
      const due = performance.now();
      const stopped = stopReason(run, due);
      if (due >= end || signal.aborted || stopped !== undefined) {
        calling -= 1;
        if (calling === 0 || stopped !== undefined) over(stopped);
        return;
      }
      measurement.started(due, due);
      event = (event + 1) % sender.events;
      sender.send(event, (outcome) => {
        measurement.ended(due, outcome);
        // Whoever is refused at once would ask again at once, and nothing else would be measured.
        if (outcome.kind === "answered") call();
        else setTimeout(call, refusedPauseMs);
      });
    };
    // A caller that waits for its answer must not keep the end from coming.
    const over = (stopped?: LoadResult["stopped"]) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", ended);
      resolve(stopped);
    };
    const ended = () => over();
    const timer = setTimeout(ended, Math.max(0, end - performance.now()));
    signal.addEventListener("abort", ended);
    for (let caller = 0; caller < callers; caller += 1) call();
  });
}

const refusedPauseMs = 10;

/** Waits for what is under way, and gives up what then is left. */
async function drain({ spec, sender, signal, measurement }: Run): Promise<void> {
  const until = performance.now() + spec.drainMs;
  while (measurement.inFlight > 0 && performance.now() < until && !signal.aborted) {
    await new Promise((resolve) => void setTimeout(resolve, drainLookMs));
  }
  if (measurement.inFlight > 0) await sender.abandon();
}
