import { LmiError } from "../../errors.ts";
import { again, type Running, withSettings } from "../same-command.ts";
import { forSameStack, type Place } from "../same-stack.ts";
import type { Reporter } from "./reporter.ts";

/**
 * A reporter whose sentences and failures advise commands for the stack that the running command is about, so that no
 * command has to think of it. Bytes and data of answers go through as they are.
 * @param placeNow undefined until it is known, and for commands that are about no stack
 * @param running what was given to the running command, once that is known
 */
export function placedReporter(
  inner: Reporter,
  placeNow: () => Place | undefined,
  running: () => Running | undefined = () => undefined,
): Reporter {
  const say = (text: string) => {
    const place = placeNow();
    return place === undefined ? text : forSameStack(text, place);
  };
  return {
    info: (message) => inner.info(say(message)),
    warn: (message) => inner.warn(say(message)),
    detail: (message) => inner.detail(say(message)),
    step: (label, work, options) =>
      inner.step(
        label,
        (step) =>
          work({
            progress: (text) => step.progress(say(text)),
            endedAt: (time) => step.endedAt(time),
          }),
        options,
      ),
    standing: (text) => inner.standing(text === undefined ? undefined : say(text)),
    event: (type, data) => inner.event(type, data),
    raw: (bytes) => inner.raw(bytes),
    result: (data, render) => inner.result(data, (given) => say(render(given))),
    failure: (error) => inner.failure(placed(error, say, running())),
  };
}

/** What was cut off, or could no longer look, and is to be run once more. */
const unfinished =
  /^LMI_(INTERRUPTED|TIMED_OUT|CREDENTIALS_\w+|THROTTLED|CONNECTION_BROKEN|ENDPOINT_UNREACHABLE|REGION_UNREACHABLE)$/;

function placed(
  error: LmiError,
  say: (text: string) => string,
  running: Running | undefined,
): LmiError {
  const { code, message, why, next, exitCode, details, cause } = error;
  const advised = next === undefined ? undefined : advice(next, code, say, running);
  return new LmiError(code, message, {
    ...(why === undefined ? {} : { why: say(why) }),
    ...(advised === undefined ? {} : { next: advised }),
    exitCode,
    ...(details ? { details } : {}),
    cause,
  });
}

function advice(
  next: string,
  code: LmiError["code"],
  say: (text: string) => string,
  running: Running | undefined,
): string {
  if (running === undefined) return say(next);
  return unfinished.test(code) ? say(again(next, running)) : withSettings(say(next), running);
}
