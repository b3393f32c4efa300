import { operationOf, stackOf } from "./run.ts";
import type { Run } from "./run.ts";

export interface TimeLimit {
  /** Aborted when the creation has taken longer than the request allows. */
  readonly passed: AbortSignal;
  readonly stop: () => void;
}

/** TimeoutInMinutes of CreateStack, counted from the request, also over restarts; none for other work. */
export function timeLimit(run: Run): TimeLimit {
  const passed = new AbortController();
  const stopped = new AbortController();
  const { timeoutInMinutes, createdAt } = stackOf(run);
  if (timeoutInMinutes !== undefined && operationOf(run).type === "CREATE_STACK") {
    const end = Date.parse(createdAt) + timeoutInMinutes * 60_000;
    const left = Math.max(0, end - run.context.clock.now().getTime());
    const early = AbortSignal.any([stopped.signal, run.closing]);
    void run.context.clock.sleep(left, early).then(() => {
      if (!early.aborted) passed.abort();
    });
  }
  return { passed: passed.signal, stop: () => stopped.abort() };
}
