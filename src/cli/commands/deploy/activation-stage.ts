import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { ResourceEvent } from "../../../deploy/deploy-event.ts";
import { usualTimes } from "../../../deploy/usual-times.ts";
import {
  type Activation,
  type SeenFunction,
  watchActivation,
} from "../../../deploy/watch-activation.ts";
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
  const { reporter, expected, since, context } = request;
  const steps = openSteps(request);
  const states = new Map<string, ResourceEvent>();
  const least = (functionName: string) => {
    const event = [...states.values()].find(({ physicalId }) => physicalId === functionName);
    return request.minimum(event?.logicalId ?? "");
  };
  const tellEvents = tellProviderEvents(reporter);
  let isOver = false;
  const watch = watchActivation(context, (activation) => {
    request.onLook?.(activation);
    tellEvents(activation.events);
    draw(activation, steps, { least, endedAt: isOver && since ? lastTime(states) : undefined });
  });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const end = (outcome: "done" | "failed") => {
    if (isOver) return;
    isOver = true;
    const result = [...states.values()].some(isFailure) ? "failed" : outcome;
    void watch
      .end()
      .catch(() => undefined)
      .then(() => steps.closeAll(result, since && lastTime(states)))
      .then(resolve);
  };
  const tell = (event: ResourceEvent) => {
    states.set(event.logicalId, event);
    steps.open("instances", since);
    steps.open("version", since);
    if (event.physicalId !== undefined) watch.add(event.physicalId, event.time);
    const all = [...states.values()];
    const isComplete = expected.every(({ logicalId }) => states.has(logicalId));
    if (expected.length > 0 && isComplete && all.every(({ status }) => hasEnded(status)))
      end("done");
  };
  return { tell, say: () => undefined, end, closed };
}

const labels = ["instances", "environments", "version"] as const;
type Label = (typeof labels)[number];

interface Steps {
  /** Opens one, where it is not yet. */
  readonly open: (label: Label, since?: Date) => OpenStep;
  readonly isTimedByEvents: boolean;
  readonly closeAll: (outcome: "done" | "failed", at: Date | undefined) => Promise<void>;
}

function openSteps({ reporter, saysUsual, since: from }: ActivationRequest): Steps {
  const steps = new Map<Label, OpenStep>();
  return {
    isTimedByEvents: from !== undefined,
    open: (label, since) => {
      const usually = saysUsual ? usualTimes[label] : undefined;
      const step = steps.get(label) ?? openStep(label, reporter, { usually, since });
      steps.set(label, step);
      return step;
    },
    closeAll: async (outcome, at) => {
      // In the order in which things happen, whatever was opened first.
      for (const label of labels) {
        steps.get(label)?.end(outcome, at);
        await steps.get(label)?.closed; // One line after the other
      }
    },
  };
}

interface Drawn {
  /** Environments that a function must have at least. */
  readonly least: (functionName: string) => number;
  /** When all was done, where that was before it is shown. */
  readonly endedAt: Date | undefined;
}

/** Instances are done when the first environment runs on one; more of them may come. */
function draw(activation: Activation, steps: Steps, { least, endedAt }: Drawn): void {
  const { instances = [], functions } = activation;
  // Taken back by a rollback, or not to be seen: nothing can be said of it.
  if (functions.every(({ isThere }) => !isThere)) return;
  const launched = steps.isTimedByEvents ? lastLaunch(activation) : undefined;
  const isStarted = functions.some((each) => (readyOf(each, 1) ?? 0) > 0);
  const isLaunching = instances.some((each) => !each.isRunning);
  const forInstances = steps.open("instances");
  forInstances.say(instancesInWords(activation.instances));
  if (isStarted && !isLaunching) forInstances.end("done", launched ?? endedAt);
  if (isStarted || instances.some((each) => each.isRunning)) {
    const environments = steps.open("environments", launched);
    environments.say(environmentsInWords(functions, least));
    if (!forInstances.isOpen() && functions.every((each) => isReady(each, least)))
      environments.end("done", endedAt);
  }
  steps.open("version").say(versionsInWords(functions));
}

function isReady(each: SeenFunction, least: Drawn["least"]): boolean {
  const minimum = least(each.functionName);
  return (readyOf(each, minimum) ?? 0) >= minimum;
}

function lastLaunch({ events }: Activation): Date | undefined {
  return events.findLast(({ operation }) => operation === "Launched")?.time;
}

function lastTime(states: ReadonlyMap<string, ResourceEvent>): Date {
  return new Date(Math.max(...[...states.values()].map(({ time }) => time.getTime())));
}
