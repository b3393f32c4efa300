import type { ManagedInstance, StackState } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { patiently } from "../../../deploy/patiently.ts";
import { type ProbeAnswer, probeFunction } from "../../../deploy/probe.ts";
import {
  isActive,
  isPublished,
  waitForProvider,
  waitForPublished,
} from "../../../deploy/readiness.ts";
import { usualTimes } from "../../../deploy/usual-times.ts";
import { LmiError } from "../../../errors.ts";
import { deployedFunctionName } from "../../../synth/names.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { Reporter, StepHandle } from "../../output/reporter.ts";
import { wrap } from "../../output/wrap.ts";
import { deployedFunctions, deployedProviders, type Outputs } from "./outputs.ts";
import { answerWords, probeInStep } from "./probe-in-step.ts";

/** Names of the functions that a project wants to run nowhere: 0 environments at most. */
export function pausedFunctions({
  functions,
  environment,
}: Pick<Settings, "functions" | "environment">): ReadonlySet<string> {
  const paused = Object.entries(functions).filter(
    ([, { maxEnvironments }]) => maxEnvironments === 0,
  );
  return new Set(paused.map(([key]) => deployedFunctionName(key, environment)));
}

export interface Answered extends ProbeAnswer {
  readonly functionName: string;
}

export interface ReadyPlan {
  /** Functions that are to run nowhere. */
  readonly paused: ReadonlySet<string>;
  /** Nothing was deployed: what runs has run before. */
  readonly isUnchanged?: boolean;
  /** Instances and versions were shown on their way: what is ready by now needs no further line. */
  readonly isTold?: boolean;
}

/** Waits until the provider is Active and every function's published version runs the new code, or is paused. */
export async function waitUntilReady(
  stack: StackState,
  plan: ReadyPlan,
  context: DeployContext,
  reporter: Reporter,
): Promise<void> {
  await providersReady(stack, plan, context, reporter);
  await versionsReady(stack.outputs, plan, context, reporter);
}

async function providersReady(
  stack: StackState,
  { isUnchanged = false, isTold = false }: ReadyPlan,
  context: DeployContext,
  reporter: Reporter,
): Promise<void> {
  const providers = deployedProviders(stack.outputs);
  // One after the other, each in a line of its own.
  for (const providerArn of providers) {
    if (isTold && (await isActive(providerArn, context))) continue;
    const which = providers.length === 1 ? "" : `${providerArn.split(":").at(-1)}: `;
    await reporter.step(isUnchanged ? "provider" : "instances", async (step) => {
      await waitForProvider(providerArn, context, (text) =>
        step.progress(`${which}provider ${text}`),
      );
      // Loading the EC2 client takes longer than all the rest where nothing has changed.
      if (!isUnchanged) step.progress(`${which}${await running(providerArn, stack, context)}`);
    });
  }
}

async function versionsReady(
  outputs: Outputs,
  { paused, isTold = false }: ReadyPlan,
  context: DeployContext,
  reporter: Reporter,
): Promise<void> {
  const inFront = naming(outputs);
  const options = context.aws.target.local ? {} : { usually: usualTimes.version };
  // One after the other: they share the provider's capacity and the reader's attention.
  for (const name of deployedFunctions(outputs)) {
    const isPaused = paused.has(name);
    if (isTold && !isPaused && (await isPublished(name, context))) continue;
    const wait = async (step: StepHandle) => {
      const progress = (text: string) => step.progress(`${inFront(name)}${text}`);
      await waitForPublished(name, context, progress, { isPaused });
    };
    await reporter.step("version", wait, options);
    if (isPaused) reporter.info(wrap(`${name} is paused: ${pausedWords}`, 2));
  }
}

const pausedWords =
  "it runs nowhere, and answers no requests until lmi resume, or, where the settings say maxEnvironments 0, until that is raised.";

/** `2 launched: m7i.xlarge us-east-1a, m7i.xlarge us-east-1b`; `2 running: …` where none is of this change. */
async function running(
  providerArn: string,
  stack: StackState,
  context: DeployContext,
): Promise<string> {
  try {
    const instances = await patiently(context, () =>
      context.aws.instances.ofCapacityProvider(providerArn),
    );
    const each = instances.map(
      ({ instanceType, availabilityZone }) => `${instanceType} ${availabilityZone ?? ""}`,
    );
    if (each.length === 0) return "provider Active";
    const fresh = instances.filter((instance) => isSince(stack, instance)).length;
    const isAllNew = fresh === each.length;
    const some = fresh > 0 && !isAllNew ? `, ${fresh} of them new` : "";
    return `${each.length} ${isAllNew ? "launched" : "running"}${some}: ${each.join(", ")}`;
  } catch (error) {
    // Deploying needs no permission to look at instances.
    if (error instanceof LmiError && error.code === "LMI_ACCESS_DENIED") return "provider Active";
    throw error;
  }
}

/** Whether an instance was launched since the stack last began to change. EC2 tells whole seconds. */
function isSince({ updatedAt, createdAt }: StackState, { launchTime }: ManagedInstance): boolean {
  const began = updatedAt ?? createdAt;
  if (began === undefined || launchTime === undefined) return false;
  return launchTime.getTime() + 1000 > began.getTime();
}

/** ` hello`, for a command that has to say which function it means; nothing where there is only one. */
export function nameOfSeveral(outputs: Outputs, preferred: string | undefined): string {
  const names = deployedFunctions(outputs);
  return names.length > 1 ? ` ${preferred ?? names[0]}` : "";
}

/** A single function needs no name in front of what happens to it. */
function naming(outputs: Outputs): (functionName: string) => string {
  const isOnly = deployedFunctions(outputs).length === 1;
  return (name) => (isOnly ? "" : `${name}: `);
}

/** Sends each function one request; what it answers does not matter, that it answers does. */
export async function firstAnswers(
  outputs: Outputs,
  paused: ReadonlySet<string>,
  payload: Uint8Array,
  context: DeployContext,
  reporter: Reporter,
): Promise<Answered[]> {
  const answers: Answered[] = [];
  const inFront = naming(outputs);
  for (const functionName of deployedFunctions(outputs).filter((name) => !paused.has(name))) {
    const answer = await probeInStep(
      "first answer",
      reporter,
      async (step) => {
        const found = await probeFunction(functionName, payload, context);
        step.progress(`${inFront(functionName)}${answerWords(found)}`);
        return found;
      },
      context.aws.target.local ? {} : { usually: usualTimes.firstAnswer },
    );
    if (answer.functionError !== undefined) {
      const logs = `lmi logs${context.aws.target.local ? " --local" : ""}${nameOfSeveral(outputs, functionName)}`;
      reporter.warn(
        `${functionName} answered with an error (${answer.error ?? answer.functionError}). See: ${logs} --since 5m`,
      );
    }
    answers.push({ functionName, ...answer });
  }
  return answers;
}
