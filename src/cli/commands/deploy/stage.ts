import type { ResourceEvent } from "../../../deploy/deploy-event.ts";
import { headlines, inWords } from "../../../deploy/resource-words.ts";
import { usualTimes } from "../../../deploy/usual-times.ts";
import type { Reporter } from "../../output/reporter.ts";
import { openStep } from "./open-step.ts";
import type { ExpectedResource } from "./stack-stages.ts";

export interface Stage {
  readonly tell: (event: ResourceEvent) => void;
  readonly say: (text: string) => void;
  readonly end: (outcome: "done" | "failed") => void;
  /** Resolves when its last line is out. */
  readonly closed: Promise<void>;
}

export interface StageRequest {
  readonly reporter: Reporter;
  readonly expected: readonly ExpectedResource[];
  readonly saysUsual: boolean;
  /** When it began, where that was before anybody looked. */
  readonly since?: Date | undefined;
}

/** One step of the reporter that lasts from a first event to a last one. */
export function openStage(
  label: string,
  { reporter, expected, saysUsual, since }: StageRequest,
): Stage {
  const usually = saysUsual ? usual(label, expected) : undefined;
  const step = openStep(label, reporter, { usually, since });
  const states = new Map<string, ResourceEvent>();
  const tell = (event: ResourceEvent) => {
    states.set(event.logicalId, event);
    const all = [...states.values()];
    const ended = all.filter(({ status }) => hasEnded(status));
    const running = all.find(({ status }) => !hasEnded(status));
    const total = Math.max(expected.length, all.length);
    const isComplete =
      running === undefined && expected.every(({ logicalId }) => states.has(logicalId));
    if (running) step.say(`${ended.length} of ${total}: ${running.logicalId}`);
    else step.say(isComplete ? summary(all) : `${ended.length} of ${total}`);
    if (isComplete && expected.length > 0)
      step.end(all.some(isFailure) ? "failed" : "done", since && event.time);
  };
  const end = (outcome: "done" | "failed") => {
    const all = [...states.values()];
    if (outcome === "done" && all.length > 0) step.say(summary(all));
    step.end(all.some(isFailure) ? "failed" : outcome);
  };
  return { tell, say: step.say, end, closed: step.closed };
}

/** A deletion can be all that happened to it, and a skipped one is CloudFormation's last word. */
export function hasEnded(status: string): boolean {
  return !status.endsWith("_IN_PROGRESS");
}

export function isFailure({ status }: ResourceEvent): boolean {
  return status.endsWith("_FAILED");
}

function summary(resources: readonly ResourceEvent[]): string {
  const typed = resources.map(({ resourceType }) => ({ type: resourceType }));
  return headlines(typed) || inWords(typed);
}

function usual(label: string, expected: readonly ExpectedResource[]): string | undefined {
  if (label === "function") return usualTimes.version;
  if (label === "provider") return usualTimes.provider;
  const hasNat = expected.some(({ type }) => type === "AWS::EC2::NatGateway");
  return label === "network" && hasNat ? usualTimes.networkWithNat : undefined;
}
