import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import {
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { connectAws } from "../../src/aws/connect.ts";
import type { Aws } from "../../src/aws/ports.ts";
import type { Reporter } from "../../src/cli/output/reporter.ts";
import { fakeAccount } from "../deploy/fake-aws.ts";
import { projectFolder, type RecordedDeps, recordingDeps } from "../deploy/recording-deps.ts";
import { referenceTemplate } from "../local/cloudformation/resource-types/reference-template.ts";
import { startTestTarget, type TestTarget, type TestTargetOptions } from "./local-target.ts";

export interface RunOptions {
  readonly answer?: "yes" | "no" | "nobody";
  /** Called when a step begins. */
  readonly onStep?: (label: string, deps: RecordedDeps) => void;
  /** Milliseconds by which each wait moves the clock besides. */
  readonly hurry?: number;
}

export interface ManagedStack {
  readonly target: TestTarget;
  readonly aws: Aws;
  /** Dependencies of one run of a command in the project's folder. */
  readonly deps: (options?: RunOptions) => RecordedDeps;
  readonly lambda: LambdaClient;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * A local target with a stack as the project `hello` deploys it: network, roles, provider, and the function `reference`,
 * which is published.
 */
export async function startManagedStack(
  options: TestTargetOptions = {},
  body: string = referenceTemplate(functionSource),
): Promise<ManagedStack> {
  const target = await startTestTarget(options);
  return manage(target, await createStack(target, "lmi-hello", body, projectTags));
}

export const functionSource = "exports.handler = async (event) => event;";
export const projectTags = { "lmi:project": "hello" };

export async function manage(
  target: TestTarget,
  outputs: Readonly<Record<string, string>>,
): Promise<ManagedStack> {
  const { endpoint } = target;
  const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
  const place = { region: "us-east-1", profile: undefined, endpoint, credentials, local: true };
  const aws = connectAws(place, {});
  const cwd = await projectFolder({ functions: { reference: { entry: "src/handler.ts" } } });
  const deps = ({ answer = "yes", onStep, hurry = 0 }: RunOptions = {}) => {
    const recorded = recordingDeps({ account: fakeAccount(), cwd, answer, local: true });
    let ahead = 0;
    const sleep = (milliseconds: number, signal?: AbortSignal) => {
      if (milliseconds >= 60_000) return recorded.system.sleep(milliseconds, signal);
      ahead += hurry;
      return pause(milliseconds, signal);
    };
    const system = Object.defineProperties(
      { ...recorded.system, sleep, now: () => new Date(Date.now() + ahead) },
      { interruptedBy: { get: () => recorded.system.interruptedBy } },
    );
    const step: Reporter["step"] = (label, work, stepOptions) => {
      onStep?.(label, recorded);
      return recorded.reporter.step(label, work, stepOptions);
    };
    return {
      ...recorded,
      system,
      reporter: { ...recorded.reporter, step },
      aws: async () => aws,
    };
  };
  return { target, aws, deps, lambda: target.client(LambdaClient), outputs };
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, Math.min(milliseconds, 20));
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}

/** Creates a stack and waits for it. @returns its outputs */
export async function createStack(
  target: TestTarget,
  StackName: string,
  TemplateBody: string,
  tags: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const cloudFormation = target.client(CloudFormationClient);
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await cloudFormation.send(
    new CreateStackCommand({ StackName, TemplateBody, Tags, Capabilities: ["CAPABILITY_IAM"] }),
  );
  const look = async () =>
    (await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0];
  await expect
    .poll(async () => (await look())?.StackStatus, { timeout: 20_000, interval: 20 })
    .not.toMatch(/_IN_PROGRESS$/);
  const stack = await look();
  expect(stack?.StackStatus).toBe("CREATE_COMPLETE");
  return Object.fromEntries(
    (stack?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]),
  );
}

/** Publishes numbers of a function, each with a configuration of its own, and waits until they are active. */
export async function publishVersions(
  lambda: LambdaClient,
  FunctionName: string,
  count: number,
): Promise<string[]> {
  const versions: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const Timeout = 20 + index;
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout }));
    const { Version = "" } = await lambda.send(new PublishVersionCommand({ FunctionName }));
    versions.push(Version);
  }
  return versions;
}
