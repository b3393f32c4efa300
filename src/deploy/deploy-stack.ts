import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StackResource, StackState } from "../aws/ports.ts";
import type { Settings } from "../synth/settings.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { type EvidenceWatch, tellBoth, watchEvidence } from "./explain/watch-evidence.ts";
import { createMessageBridge } from "./message-bridge.ts";
import { isSettled } from "./no-change.ts";
import { patiently } from "./patiently.ts";
import { isGood, settledStack, wasExecuted } from "./settled-stack.ts";
import { stackFailure } from "./stack-failure.ts";
import { loadToolkit } from "./toolkit.ts";
import { explainToolkitErrorHere } from "./toolkit-error.ts";
import { isBusy } from "./stack-condition.ts";
import type { FoundLogGroup } from "./found-log-groups.ts";
import { declaredIn, readTemplate } from "./kept-resources.ts";
import { assemblyTakingBack } from "./take-back.ts";
import { untilAborted } from "./until-aborted.ts";
import { isFromChangeSet, overtaken, whoBegan } from "./who-began.ts";

export interface DeployRequest {
  readonly assemblyDirectory: string;
  readonly stackName: string;
  /** All stack tags, ownership included. */
  readonly tags: Readonly<Record<string, string>>;
  /** The stack as it was before; undefined where there was none. */
  readonly before: StackState | undefined;
  /** As CloudFormation stores it, JSON. */
  readonly deployedTemplate?: string | undefined;
  /** Of the template; the others get their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What the template was made of, for figures where it fails. */
  readonly settings?: Settings | undefined;
  /** Log groups that are there already, and come into the stack as they are; no rollback deletes them. */
  readonly takesBack?: readonly FoundLogGroup[];
  /** Of the change set: nobody else's has it. */
  readonly changeSetName: string;
}

export interface DeployedStack {
  readonly stack: StackState;
  /** Replaced or removed resources that CloudFormation could not delete; it no longer knows them. */
  readonly leftBehind: readonly StackResource[];
  /** False: CloudFormation found nothing to do. */
  readonly changed: boolean;
}

/**
 * Publishes assets, makes and executes the change set, waits for CloudFormation.
 * Whatever the toolkit library says, the stack's own status decides: a throttled poll must not turn a good
 * deployment into a failure (aws/aws-cdk-cli issue 1777).
 */
export async function deployStack(
  request: DeployRequest,
  context: DeployContext,
  run: typeof runToolkit = runToolkit,
): Promise<DeployedStack> {
  let failure: unknown;
  let leftBehind: readonly StackResource[] = [];
  const evidence = watchEvidence(request.stackName, context);
  try {
    const told = { ...context, onEvent: tellBoth(evidence, context) };
    leftBehind = await untilAborted(run(request, told), context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    failure = error;
  }
  await requireTurn(failure, request, context);
  const stack = await settledStack(request.stackName, context);
  const changed = stack !== undefined && wasExecuted(request.before, stack);
  if (stack && isGood(stack) && (failure === undefined || changed))
    return { stack, leftBehind, changed };
  // An empty change set leaves a stack as it was, that an earlier update was rolled back included.
  if (stack && !changed && failure === undefined && isSettled(stack))
    return { stack, leftBehind, changed };
  throw await explain({ failure, request, stack, evidence }, context);
}

/**
 * Two deployments may find a stack free at the same time. CloudFormation executes one change set and refuses the
 * other, whose failure must not be taken for what came of the first.
 */
async function requireTurn(
  failure: unknown,
  { stackName, before, changeSetName }: DeployRequest,
  context: DeployContext,
): Promise<void> {
  if (failure === undefined) return;
  const { stacks } = context.aws;
  const stack = await patiently(context, () => stacks.find(stackName));
  if (stack === undefined || stack.status === "REVIEW_IN_PROGRESS") return;
  const isOthers = wasExecuted(before, stack) || isBusy(stack.status);
  if (!isOthers || isFromChangeSet(stack, changeSetName)) return;
  const events = await patiently(context, () => stacks.events(stack.stackId));
  throw overtaken(stack, whoBegan(stack, events));
}

async function runToolkit(
  request: DeployRequest,
  context: DeployContext,
): Promise<readonly StackResource[]> {
  const { aws, onEvent } = context;
  if (request.before?.terminationProtection) await keepTerminationProtection(request);
  const { toolkit, library } = await loadToolkit(
    aws,
    createMessageBridge(onEvent, context.signal),
    context.environment,
  );
  const { assemblyDirectory, stackName, takesBack = [], changeSetName } = request;
  const importExistingResources = takesBack.length > 0;
  const directory = importExistingResources
    ? await assemblyTakingBack(assemblyDirectory, stackName, takesBack)
    : assemblyDirectory;
  const source = await toolkit.fromAssemblyDirectory(directory);
  const isBroken = !importExistingResources && (await losesMetadata(request));
  const { stacks } = await toolkit.deploy(source, {
    deploymentMethod: isBroken
      ? { method: "direct" }
      : { method: "change-set", changeSetName, importExistingResources },
    ...(request.parameters
      ? { parameters: library.StackParameters.exactly({ ...request.parameters }) }
      : {}),
    tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
    stackEventPollingInterval: pollInterval(aws),
  });
  return stacks.flatMap(({ deleteFailures }) =>
    deleteFailures.map((failed) => ({
      logicalId: failed.logicalResourceId,
      physicalId: failed.physicalResourceId,
      type: failed.resourceType,
      status: "DELETE_FAILED",
      statusReason: failed.reason,
    })),
  );
}

/**
 * Whether a resource has metadata that go, as the mark of a `destroy --keep-logs` that did not come to its end: showing a
 * change set of that, the library fails ("oldValue and newValue are both undefined!", @aws-cdk/cloudformation-diff,
 * template-and-changeset-diff-merger), though nobody looks. An update without a change set does the same.
 */
async function losesMetadata({
  assemblyDirectory,
  stackName,
  deployedTemplate,
}: DeployRequest): Promise<boolean> {
  const deployed = Object.entries(declaredIn(readTemplate(deployedTemplate)));
  if (deployed.every(([, { Metadata: metadata }]) => metadata === undefined)) return false;
  const file = join(assemblyDirectory, `${stackName}.template.json`);
  const wanted = declaredIn(readTemplate(await readFile(file, "utf8")));
  return deployed.some(
    ([id, { Metadata: metadata }]) =>
      metadata !== undefined && wanted[id] !== undefined && wanted[id]["Metadata"] === undefined,
  );
}

interface AssemblyManifest {
  readonly artifacts: Record<
    string,
    { readonly type: string; properties?: { terminationProtection?: boolean } }
  >;
}

/** The library sets the protection to what the assembly says, and silence means off: the user's own choice must survive. */
async function keepTerminationProtection({
  assemblyDirectory,
  stackName,
}: DeployRequest): Promise<void> {
  const file = join(assemblyDirectory, "manifest.json");
  const manifest = JSON.parse(await readFile(file, "utf8")) as AssemblyManifest;
  const artifact = manifest.artifacts[stackName] ?? onlyStack(manifest);
  if (artifact === undefined) throw new Error(`${file} has no stack ${stackName}.`);
  artifact.properties = { ...artifact.properties, terminationProtection: true };
  await writeFile(file, JSON.stringify(manifest, undefined, 1));
}

function onlyStack({ artifacts }: AssemblyManifest) {
  const stacks = Object.values(artifacts).filter(({ type }) => type === "aws:cloudformation:stack");
  return stacks.length === 1 ? stacks[0] : undefined;
}

interface Failed {
  readonly failure: unknown;
  readonly request: DeployRequest;
  readonly stack: StackState | undefined;
  readonly evidence: EvidenceWatch;
}

async function explain(
  { failure, request: { before, stackName, settings }, stack, evidence }: Failed,
  context: DeployContext,
): Promise<unknown> {
  if (stack === undefined || !wasExecuted(before, stack))
    return explainToolkitErrorHere(
      failure ?? new Error(`Stack ${stackName} is ${stack?.status ?? "gone"}.`),
      context.aws.target,
    );
  return stackFailure(stack, evidence, context, settings);
}
