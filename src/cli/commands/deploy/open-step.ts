import type { Reporter, StepHandle, StepOptions } from "../../output/reporter.ts";

/** A step of the reporter that is opened and closed by events. */
export interface OpenStep {
  readonly say: (text: string) => void;
  /** `at`: when it ended, where that was before it is told. */
  readonly end: (outcome: "done" | "failed", at?: Date) => void;
  readonly isOpen: () => boolean;
  /** Resolves when its last line is out. */
  readonly closed: Promise<void>;
}

export function openStep(label: string, reporter: Reporter, options: StepOptions = {}): OpenStep {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let handle: StepHandle | undefined;
  let text = "";
  let ended: Date | undefined;
  let isOpen = true;
  const closed = reporter
    .step(
      label,
      (step) => {
        handle = step;
        if (text !== "") step.progress(text);
        if (ended) step.endedAt(ended);
        return promise;
      },
      options,
    )
    // The failure itself is told by whoever waits for the stack.
    .catch(() => undefined);
  const say = (now: string) => {
    if (now === text) return;
    text = now;
    handle?.progress(now);
  };
  const end = (outcome: "done" | "failed", at?: Date) => {
    if (!isOpen) return;
    isOpen = false;
    ended = at;
    if (at) handle?.endedAt(at);
    if (outcome === "failed") reject(new Error(label));
    else resolve();
  };
  return { say, end, isOpen: () => isOpen, closed };
}
