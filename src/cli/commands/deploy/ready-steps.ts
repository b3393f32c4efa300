import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { type ProbeAnswer, probeFunction } from "../../../deploy/probe.ts";
import { waitForProvider, waitForPublished } from "../../../deploy/readiness.ts";
import type { Reporter } from "../../output/reporter.ts";
import { deployedFunctions, type Outputs } from "./outputs.ts";

export interface Answered extends ProbeAnswer {
  readonly functionName: string;
}

/** Waits until the provider is Active and every function's published version runs the new code. */
export async function waitUntilReady(
  outputs: Outputs,
  context: DeployContext,
  reporter: Reporter,
): Promise<void> {
  const providerArn = outputs["CapacityProviderArn"];
  if (providerArn !== undefined) {
    await reporter.step("provider", (step) =>
      waitForProvider(providerArn, context, (text) => step.progress(text)),
    );
  }
  for (const name of deployedFunctions(outputs)) {
    // One after the other: they share the provider's capacity and the reader's attention.
    // oxlint-disable-next-line no-await-in-loop
    await reporter.step(`version ${name}`, (step) =>
      waitForPublished(name, context, (text) => step.progress(text)),
    );
  }
}

/** Sends each function one request; what it answers does not matter, that it answers does. */
export async function firstAnswers(
  outputs: Outputs,
  payload: Uint8Array,
  context: DeployContext,
  reporter: Reporter,
): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const functionName of deployedFunctions(outputs)) {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await reporter.step(`first answer ${functionName}`, async (step) => {
      const found = await probeFunction(functionName, payload, context);
      step.progress(`${found.statusCode} in ${found.milliseconds} ms`);
      return found;
    });
    if (answer.functionError !== undefined) {
      reporter.warn(
        `${functionName} answered with an error (${answer.functionError}). See: lmi logs --since 5m`,
      );
    }
    answers.push({ functionName, ...answer });
  }
  return answers;
}
