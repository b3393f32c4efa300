import { isRecord } from "../../is-record.ts";
import { ownFrame } from "./own-frame.ts";

export interface AnsweredError {
  /** `TypeError: undefined is not a function`; undefined where the answer names none. */
  readonly words: string | undefined;
  /** `src/handler.ts:3:9`, where the answer has a stack with a line that is the user's own. */
  readonly place: string | undefined;
}

/**
 * What a function that threw says in its answer. Runtimes call the stack `trace` (Node.js) or `stackTrace` (Python, Java):
 * Lambda developer guide, "nodejs-exceptions", "python-exceptions".
 */
export function answeredError(payload: Uint8Array): AnsweredError {
  const answer = parsed(payload);
  if (!isRecord(answer)) return { words: undefined, place: undefined };
  const { errorType, errorMessage, trace, stackTrace } = answer;
  const words = [errorType, errorMessage].filter((part) => typeof part === "string").join(": ");
  const stack = [trace, stackTrace].find(Array.isArray) ?? [];
  return { words: words === "" ? undefined : words, place: ownFrame(stack.map(String)) };
}

/** `TypeError: no   at src/handler.ts:3:9`. */
export function errorAndPlace({ words, place }: AnsweredError): string | undefined {
  if (words === undefined) return undefined;
  return place === undefined ? words : `${words}   at ${place}`;
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
