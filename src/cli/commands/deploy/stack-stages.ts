import type { DeployListener, ResourceEvent } from "../../../deploy/deploy-event.ts";
import type { Reporter } from "../../output/reporter.ts";
import { reportEvents } from "./event-reporting.ts";
import { openStage, type Stage, type StageRequest } from "./stage.ts";

export interface ExpectedResource {
  readonly logicalId: string;
  readonly type: string;
}

export interface StagesRequest {
  readonly reporter: Reporter;
  /** Resources that CloudFormation is going to work on, as far as that is known before. */
  readonly expected: readonly ExpectedResource[];
  /** Whether to say how long stages usually take: creating, on AWS. */
  readonly saysUsual: boolean;
  /** Shows functions on their way to an active version; undefined where they are resources like others. */
  readonly functions?: ((request: StageRequest) => Stage) | undefined;
  /** Stages last from the time of their first event to that of their last one, not as long as they are looked at. */
  readonly isTimedByEvents?: boolean;
  /** Size of what is uploaded first; undefined where nothing is. */
  readonly assets?: string | undefined;
}

export interface StackStages {
  readonly onEvent: DeployListener;
  /** Closes what is still open. Call it when CloudFormation has ended, or nobody waits any more. */
  readonly end: (outcome: "done" | "failed") => Promise<void>;
}

const stackType = "AWS::CloudFormation::Stack";

/**
 * Splits what CloudFormation says of a stack into stages by kind of resource: each opens with its first
 * resource and closes with the last one that is expected. Stages overlap, as CloudFormation works in parallel.
 */
export function stackStages(request: StagesRequest): StackStages {
  const { reporter, assets } = request;
  const stages = new Map<string, Stage>();
  const closed: Promise<void>[] = [];
  const open = (label: string, since?: Date): Stage => {
    const known = stages.get(label);
    if (known) return known;
    const from = request.isTimedByEvents ? since : undefined;
    const part = { ...request, since: from, expected: expectedIn(label, request.expected) };
    const stage =
      label === "function" && request.functions ? request.functions(part) : openStage(label, part);
    stages.set(label, stage);
    closed.push(stage.closed);
    return stage;
  };
  const preparing = assets === undefined ? undefined : open("assets");
  preparing?.say(assets ?? "");
  let phase: Phase = "work";
  /** What ended so far; the same kinds may come again. */
  const startOver = (outcome: "done" | "failed") => {
    for (const stage of stages.values()) stage.end(outcome);
    stages.clear();
  };
  const onResource = (event: ResourceEvent) => {
    preparing?.end("done");
    // CloudFormation lets go of what stays: nothing is done with it.
    if (event.status === "DELETE_SKIPPED") return undefined;
    if (event.resourceType !== stackType)
      return open(stageOf(event, phase), event.time).tell(event);
    if (event.status === "DELETE_IN_PROGRESS") startOver("done");
    const next = phaseOf(event.status);
    if (next === undefined || next === phase) return undefined;
    phase = next;
    startOver(phase === "roll back" ? "failed" : "done");
    return undefined;
  };
  const tell = reportEvents(reporter, onResource);
  return {
    onEvent: (event) => {
      if (event.type === "pause") startOver("failed");
      tell(event);
      if (event.type === "pause") open("waiting");
    },
    end: async (outcome) => {
      // A rollback that ends is done, whatever has failed before it.
      for (const [label, stage] of stages) stage.end(label === "roll back" ? "done" : outcome);
      await Promise.all(closed);
    },
  };
}

type Phase = "work" | "roll back" | "clean up";

/** What CloudFormation does now (CloudFormation user guide, "Stack status codes"). */
function phaseOf(status: string): Phase | undefined {
  if (status.endsWith("CLEANUP_IN_PROGRESS")) return "clean up";
  return status.endsWith("ROLLBACK_IN_PROGRESS") ? "roll back" : undefined;
}

function stageOf({ resourceType }: ResourceEvent, phase: Phase): string {
  return phase === "work" ? kindOf(resourceType) : phase;
}

function kindOf(type: string): string {
  if (type.startsWith("AWS::EC2::")) return "network";
  if (type.startsWith("AWS::IAM::") || type.startsWith("AWS::Logs::")) return "roles and logs";
  if (type === "AWS::Lambda::CapacityProvider") return "provider";
  return type === "AWS::Lambda::Function" ? "function" : "other resources";
}

function expectedIn(label: string, all: readonly ExpectedResource[]): readonly ExpectedResource[] {
  return all.filter(({ type }) => kindOf(type) === label);
}
