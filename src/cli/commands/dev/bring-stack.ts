import { readFile } from "node:fs/promises";

import { projectTag } from "../../../deploy/stack-condition.ts";
import { LmiError } from "../../../errors.ts";
import { isRecord } from "../../../is-record.ts";
import { asciiJson } from "../../../synth/ascii-json.ts";
import type { BuiltFunction } from "../../../synth/built-function.ts";
import type { Template, TemplateResource } from "../../../synth/synthesize.ts";
import { initFailed } from "./bring-code.ts";
import { type OwnCall, refusalOf } from "./own-calls.ts";
import { beginTakingLogsBack } from "./take-logs-back.ts";

export interface StackRequest {
  readonly stackName: string;
  readonly template: Template;
  readonly functions: readonly BuiltFunction[];
  readonly tags: Readonly<Record<string, string>>;
  readonly accountId: string;
  readonly region: string;
}

/** How a stack came out, with its outputs. */
export type StackOutputs = Readonly<Record<string, string>>;

interface StackView {
  readonly StackId?: string;
  readonly StackStatus?: string;
  readonly StackStatusReason?: string;
  readonly Outputs?: readonly { readonly OutputKey?: string; readonly OutputValue?: string }[];
}

interface Surroundings {
  readonly call: OwnCall;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Makes the project's stack what its settings say, by the target's own CloudFormation: the stack of `lmi deploy
 * --local`, without an account to bootstrap. Fails with LMI_DEV_INIT_FAILED where code does not start, and otherwise with LMI_DEV_STACK_FAILED; what was there before goes on then.
 */
export async function bringStack(
  request: StackRequest,
  around: Surroundings,
): Promise<StackOutputs> {
  const { stackName, tags } = request;
  const { call } = around;
  const bucket = await storeCode(request, call);
  const local = localTemplate(request.template, request.functions, bucket);
  const input = {
    StackName: stackName,
    TemplateBody: asciiJson(JSON.stringify(local)),
    Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
  const before = await settled(stackName, around);
  let exists = before !== undefined && !isLeftover(before);
  if (before && !exists) await remove(stackName, around);
  try {
    if (!exists && (await beginTakingLogsBack(input, local, tags[projectTag], call))) {
      await cameUp(stackName, around);
      exists = true;
    }
    await call("cloudformation", exists ? "UpdateStack" : "CreateStack", input);
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    if (!refusal.message.startsWith("No updates are to be performed"))
      throw stackFailed(stackName, refusal.message);
  }
  return outputsOf(await cameUp(stackName, around));
}

async function cameUp(stackName: string, around: Surroundings): Promise<StackView | undefined> {
  const after = await settled(stackName, around);
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(after?.StackStatus ?? ""))
    throw resourceFailed(stackName, await firstFailure(stackName, after, around.call));
  return after;
}

function outputsOf(stack: StackView | undefined): StackOutputs {
  const outputs = stack?.Outputs ?? [];
  return Object.fromEntries(
    outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]),
  );
}

/** A stack that never came up can only be deleted. */
function isLeftover({ StackStatus = "" }: StackView): boolean {
  return /^(CREATE_FAILED|ROLLBACK_\w+|DELETE_FAILED|UPDATE_ROLLBACK_FAILED)$/.test(StackStatus);
}

/** The stack when nothing changes it; undefined where there is none. */
async function settled(
  stackName: string,
  { call, sleep }: Surroundings,
): Promise<StackView | undefined> {
  for (;;) {
    const stack = await describe(stackName, call);
    if (stack?.StackStatus?.endsWith("_IN_PROGRESS") !== true) return stack;
    // Work of this very process
    await sleep(10);
  }
}

async function describe(stackName: string, call: OwnCall): Promise<StackView | undefined> {
  try {
    const { Stacks = [] } = await call<{ readonly Stacks?: readonly StackView[] }>(
      "cloudformation",
      "DescribeStacks",
      { StackName: stackName },
    );
    return Stacks[0];
  } catch (error) {
    if (/does not exist/.test(refusalOf(error)?.message ?? "")) return undefined;
    throw error;
  }
}

async function remove(stackName: string, around: Surroundings): Promise<void> {
  await around.call("cloudformation", "DeleteStack", { StackName: stackName });
  const left = await settled(stackName, around);
  if (left) throw stackFailed(stackName, left.StackStatusReason ?? left.StackStatus ?? "");
}

async function firstFailure(
  stackName: string,
  stack: StackView | undefined,
  call: OwnCall,
): Promise<string> {
  interface Event {
    readonly LogicalResourceId?: string;
    readonly ResourceStatus?: string;
    readonly ResourceStatusReason?: string;
    readonly ClientRequestToken?: string;
  }
  const { StackEvents = [] } = await call<{ readonly StackEvents?: readonly Event[] }>(
    "cloudformation",
    "DescribeStackEvents",
    { StackName: stack?.StackId ?? stackName },
  );
  // The newest come first; an operation begins with an event of the stack itself.
  const began = StackEvents.findIndex(
    ({ LogicalResourceId, ResourceStatus = "" }) =>
      LogicalResourceId === stackName && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(ResourceStatus),
  );
  const failed = StackEvents.slice(0, began < 0 ? undefined : began).findLast(
    ({ ResourceStatus = "", ResourceStatusReason = "" }) =>
      ResourceStatus.endsWith("_FAILED") && !/cancelled/i.test(ResourceStatusReason),
  );
  if (failed) return `${failed.LogicalResourceId}: ${failed.ResourceStatusReason}`;
  return stack?.StackStatusReason ?? stack?.StackStatus ?? "It is gone.";
}

/** What CloudFormation says of code that does not start, around what Lambda says. */
const initReason =
  /identifier '(?<name>[^']+)'.*?(?<code>FunctionError\.\w+): (?<why>.*?)"? \(RequestToken/s;

function resourceFailed(stackName: string, reason: string): LmiError {
  const { name, code, why } = initReason.exec(reason)?.groups ?? {};
  return name === undefined ? stackFailed(stackName, reason) : initFailed(name, why, code);
}

function stackFailed(stackName: string, why: string): LmiError {
  return new LmiError("LMI_DEV_STACK_FAILED", `The stack ${stackName} did not come up here.`, {
    why,
    next: "Mend the settings and save; where the local target is in the way: lmi local reset",
    details: { stackName },
  });
}

const bucketOf = ({ accountId, region }: StackRequest) => `lmi-dev-${accountId}-${region}`;
const keyOf = ({ assetHash }: BuiltFunction) => `${assetHash}.zip`;

/** @returns the bucket that has the code of all functions now */
async function storeCode(request: StackRequest, call: OwnCall): Promise<string> {
  const bucket = bucketOf(request);
  await call("s3", "CreateBucket", {
    Bucket: bucket,
    ...(request.region === "us-east-1"
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: request.region } }),
  }).catch((error: unknown) => {
    if (refusalOf(error)?.code !== "BucketAlreadyOwnedByYou") throw error;
  });
  for (const built of request.functions) {
    const Body = await readFile(built.assetPath);
    await call("s3", "PutObject", { Bucket: bucket, Key: keyOf(built), Body });
  }
  return bucket;
}

/** The template with code from this target's bucket, and without the check for a bootstrap, which needs none. */
function localTemplate(
  { Parameters, Rules: _rules, ...template }: Template,
  functions: readonly BuiltFunction[],
  bucket: string,
): Readonly<Record<string, unknown>> {
  const keys = new Set(functions.map(keyOf));
  const { BootstrapVersion: _version, ...parameters } = isRecord(Parameters) ? Parameters : {};
  return {
    ...template,
    ...(Object.keys(parameters).length === 0 ? {} : { Parameters: parameters }),
    Resources: Object.fromEntries(
      Object.entries(template.Resources).map(([id, resource]) => [
        id,
        withCode(resource, keys, bucket),
      ]),
    ),
  };
}

function withCode(
  resource: TemplateResource,
  keys: ReadonlySet<string>,
  bucket: string,
): TemplateResource {
  const code = resource.Properties?.["Code"];
  if (resource.Type !== "AWS::Lambda::Function" || !isRecord(code)) return resource;
  if (!keys.has(String(code["S3Key"]))) return resource;
  return {
    ...resource,
    Properties: { ...resource.Properties, Code: { ...code, S3Bucket: bucket } },
  };
}
