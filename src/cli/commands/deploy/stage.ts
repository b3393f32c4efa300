import type { ResourceEvent } from "../../../deploy/deploy-event.ts";
import type { Reporter, StepHandle } from "../../output/reporter.ts";
import { headlines, inWords } from "../../../deploy/resource-words.ts";
import type { ExpectedResource } from "./stack-stages.ts";

export interface Stage {
  readonly tell: (event: ResourceEvent) => void;
  readonly say: (text: string) => void;
  readonly end: (outcome: "done" | "failed") => void;
  /** Resolves when its last line is out. */
  readonly closed: Promise<void>;
}

interface StageRequest {
  readonly reporter: Reporter;
  readonly expected: readonly ExpectedResource[];
  readonly saysUsual: boolean;
}

/** One step of the reporter that lasts from a first event to a last one. */
export function openStage(label: string, { reporter, expected, saysUsual }: StageRequest): Stage {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let handle: StepHandle | undefined;
  let text = "";
  const say = (now: string) => {
    if (now === text) return;
    text = now;
    handle?.progress(now);
  };
  const closed = reporter
    .step(
      label,
      (step) => {
        handle = step;
        if (text !== "") step.progress(text);
        return promise;
      },
      saysUsual ? usual(label, expected) : {},
    )
    // The failure itself is told by whoever waits for the stack.
    .catch(() => undefined);
  const states = new Map<string, ResourceEvent>();
  const tell = (event: ResourceEvent) => {
    states.set(event.logicalId, event);
    const all = [...states.values()];
    const ended = all.filter(({ status }) => hasEnded(status));
    const running = all.find(({ status }) => !hasEnded(status));
    const total = Math.max(expected.length, all.length);
    const isComplete =
      running === undefined && expected.every(({ logicalId }) => states.has(logicalId));
    if (running) say(`${ended.length} of ${total}: ${running.logicalId}`);
    else say(isComplete ? summary(all) : `${ended.length} of ${total}`);
    if (isComplete && expected.length > 0) {
      if (all.some(isFailure)) reject(new Error(label));
      else resolve();
    }
  };
  const end = (outcome: "done" | "failed") => {
    if (outcome === "failed") return reject(new Error(label));
    const all = [...states.values()];
    if (all.length > 0) say(summary(all));
    return all.some(isFailure) ? reject(new Error(label)) : resolve();
  };
  return { tell, say, end, closed };
}

/** A deletion can be all that happened to it, and a skipped one is CloudFormation's last word. */
function hasEnded(status: string): boolean {
  return !status.endsWith("_IN_PROGRESS");
}

function isFailure({ status }: ResourceEvent): boolean {
  return status.endsWith("_FAILED");
}

function summary(resources: readonly ResourceEvent[]): string {
  const typed = resources.map(({ resourceType }) => ({ type: resourceType }));
  return headlines(typed) || inWords(typed);
}

/**
 * A NAT gateway takes one to three minutes; a function's first instances take one to two and its environments
 * longer (a first deployment 3–5 min in all: github.com/singledigit/lambda-managed-instances-sam, README).
 */
function usual(
  label: string,
  expected: readonly ExpectedResource[],
): { readonly usually?: string } {
  if (label === "function") return { usually: "1–5 min" };
  const hasNat = expected.some(({ type }) => type === "AWS::EC2::NatGateway");
  return label === "network" && hasNat ? { usually: "1–3 min" } : {};
}
