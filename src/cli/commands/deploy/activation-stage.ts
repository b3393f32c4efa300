import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { ResourceEvent } from "../../../deploy/deploy-event.ts";
import { usualTimes } from "../../../deploy/usual-times.ts";
import { type Activation, watchActivation } from "../../../deploy/watch-activation.ts";
import {
  environmentsInWords,
  instancesInWords,
  readyOf,
  versionsInWords,
} from "./activation-words.ts";
import { type OpenStep, openStep } from "./open-step.ts";
import { tellProviderEvents } from "./provider-events.ts";
import { hasEnded, isFailure, type Stage, type StageRequest } from "./stage.ts";

export interface ActivationRequest extends StageRequest {
  readonly context: DeployContext;
  /** Environments that a function must have at least, by its logical id. */
  readonly minimum: (logicalId: string) => number;
  /** Told at each look. */
  readonly onLook?: ((activation: Activation) => void) | undefined;
}

/**
 * What CloudFormation calls one resource, the function, in three steps: instances, environments, version. It says
 * nothing of them itself until all are there.
 */
export function openActivation(request: ActivationRequest): Stage {
  const { reporter, expected, saysUsual, since, context } = request;
  const steps = new Map<string, OpenStep>();
  const step = (label: "instances" | "environments" | "version") => {
    const usually = saysUsual ? usualTimes[label] : undefined;
    const from = label === "environments" ? undefined : since;
    const known = steps.get(label) ?? openStep(label, reporter, { usually, since: from });
    steps.set(label, known);
    return known;
  };
  const states = new Map<string, ResourceEvent>();
  const least = (functionName: string) => {
    const event = [...states.values()].find(({ physicalId }) => physicalId === functionName);
    return request.minimum(event?.logicalId ?? "");
  };
  const tellEvents = tellProviderEvents(reporter);
  const show = (activation: Activation) => {
    request.onLook?.(activation);
    tellEvents(activation.events);
    draw(activation, step, least);
  };
  const watch = watchActivation(context, show);
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  const end = (outcome: "done" | "failed") => {
    if (isOver) return;
    isOver = true;
    const result = [...states.values()].some(isFailure) ? "failed" : outcome;
    void watch
      .end()
      .catch(() => undefined)
      .then(() => closeAll(steps, result, since && lastTime(states)))
      .then(resolve);
  };
  const tell = (event: ResourceEvent) => {
    states.set(event.logicalId, event);
    step("instances");
    step("version");
    if (event.physicalId !== undefined) watch.add(event.physicalId, event.time);
    const all = [...states.values()];
    const isComplete = expected.every(({ logicalId }) => states.has(logicalId));
    if (expected.length > 0 && isComplete && all.every(({ status }) => hasEnded(status)))
      end("done");
  };
  return { tell, say: () => undefined, end, closed };
}

/** Instances are done when the first environment runs on one; more of them may come. */
function draw(
  { instances, functions }: Activation,
  step: (label: "instances" | "environments" | "version") => OpenStep,
  least: (functionName: string) => number,
): void {
  const isStarted = functions.some((each) => (readyOf(each, 1) ?? 0) > 0);
  const isRunning = instances?.some((each) => each.isRunning) ?? false;
  const isLaunching = instances?.some((each) => !each.isRunning) ?? false;
  step("instances").say(instancesInWords(instances));
  if (isStarted && !isLaunching) step("instances").end("done");
  if (isRunning || isStarted) {
    const environments = step("environments");
    environments.say(environmentsInWords(functions, least));
    const isReady = functions.every(
      (each) => (readyOf(each, least(each.functionName)) ?? 0) >= least(each.functionName),
    );
    if (isReady && functions.length > 0 && !step("instances").isOpen()) environments.end("done");
  }
  step("version").say(versionsInWords(functions));
}

async function closeAll(
  steps: ReadonlyMap<string, OpenStep>,
  outcome: "done" | "failed",
  at: Date | undefined,
): Promise<void> {
  // In the order in which things happen, whatever was opened first.
  for (const label of ["instances", "environments", "version"]) {
    const open = steps.get(label);
    open?.end(outcome, at);
    await open?.closed; // One line after the other
  }
}

function lastTime(states: ReadonlyMap<string, ResourceEvent>): Date {
  return new Date(Math.max(...[...states.values()].map(({ time }) => time.getTime())));
}
