import type { StackState } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { functionChanges } from "../../../deploy/function-changes.ts";
import { patiently } from "../../../deploy/patiently.ts";
import { planPush, type PushableFunction } from "../../../deploy/push-plan.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { isRecord } from "../../../is-record.ts";
import { LmiError } from "../../../errors.ts";
import type { Reporter } from "../../output/reporter.ts";
import { findFunction } from "../push/survey-push.ts";
import { type BesideTask, besideWords } from "./beside.ts";
import type { Deployed } from "./deployed.ts";
import { ownAssetKey } from "./own-asset.ts";

/**
 * Names every function that runs something else than the deployed template says: what was pushed stays where
 * CloudFormation saw nothing to change. Compared without the project, with the code that the template names in the
 * bucket of the bootstrap stack. Changes nothing: what is attached to was agreed to elsewhere, or something was pushed
 * since.
 * @param flags what the next commands need to mean the same stack
 */
export async function sayWhatDiffers(
  stack: StackState,
  context: DeployContext,
  { reporter, flags }: { readonly reporter: Reporter; readonly flags: string },
): Promise<NonNullable<Deployed["beside"]>> {
  const { aws } = context;
  const template = await patiently(context, () => aws.stacks.template(stack.stackName));
  const deployed = parsed(template);
  if (deployed === undefined) return [];
  const compared = planPush(deployed, template).functions.map((own) =>
    compare(own, stack, context, reporter),
  );
  const beside = (await untilAborted(Promise.all(compared), context.signal)).flat();
  for (const task of beside)
    reporter.warn(`${besideWords(task)} lmi deploy${flags} brings back what was deployed.`);
  const told = beside.map(({ functionName, changes }) => ({ functionName, changes }));
  if (told.length > 0) reporter.event("beside", { functions: told });
  return told;
}

async function compare(
  { deployed }: PushableFunction,
  stack: StackState,
  context: DeployContext,
  reporter: Reporter,
): Promise<BesideTask[]> {
  const { FunctionName: functionName, Code: code } = deployed;
  if (typeof functionName !== "string") return [];
  const { published } = await patiently(context, () => findFunction(functionName, context.aws));
  if (published === undefined) return [];
  const key = ownAssetKey(code);
  const codeSha256 =
    key === undefined ? undefined : await hashOf(key, { functionName, stack, context, reporter });
  const isCode = codeSha256 !== undefined && codeSha256 !== published.codeSha256;
  const { names } = functionChanges(deployed, deployed, published.properties);
  const changes = [...(isCode ? ["code"] : []), ...names];
  if (changes.length === 0) return [];
  return [{ functionName, published, changes, codeSha256: codeSha256 ?? published.codeSha256 }];
}

interface Hashing {
  readonly functionName: string;
  readonly stack: StackState;
  readonly context: DeployContext;
  readonly reporter: Reporter;
}

/** @returns undefined where it cannot be read, which is told */
async function hashOf(
  key: string,
  { functionName, stack, context, reporter }: Hashing,
): Promise<string | undefined> {
  const { aws, signal } = context;
  try {
    return await patiently(context, () => aws.assets.sha256(stack, key, signal));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LmiError)) throw error;
    const text = `Whether ${functionName} runs the deployed code is not known: ${error.message}`;
    reporter.warn(text);
    return undefined;
  }
}

function parsed(template: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = template === undefined ? undefined : JSON.parse(template);
    return isRecord(found) ? found : undefined;
  } catch {
    // Not JSON, so not a template that lmi wrote.
    return undefined;
  }
}
