import { appendFileSync } from "node:fs";
import type { Clock } from "./clock.ts";

/** What is told of a request once its answer is known; nothing that the request or the answer holds. */
export interface AnsweredRequest {
  readonly requestId: string;
  /** As the signature names it; missing where there is none. */
  readonly service?: string;
  /** As the signature names it; missing where there is none. */
  readonly region?: string;
  /** As AWS's model names it; missing where the request fits no operation. */
  readonly operation?: string;
  /** HTTP status. */
  readonly status: number;
  /** The error's code. */
  readonly error?: string;
  /** The kind of fault that a rule made it fail with. */
  readonly fault?: string;
  /** The `User-Agent` header: which client, in which version. */
  readonly client?: string;
}

/** Appends each answered request to a file, one JSON object a line. Throws where the file cannot be written. */
export function openRequestLog(file: string, clock: Clock): (request: AnsweredRequest) => void {
  appendFileSync(file, "", { mode: 0o600 });
  return (request) => {
    const line = JSON.stringify({ time: clock.now().toISOString(), ...request });
    appendFileSync(file, `${line}\n`, { mode: 0o600 });
  };
}
