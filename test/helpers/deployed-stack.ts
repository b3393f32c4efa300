import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAws } from "../../src/aws/connect.ts";
import type { Aws } from "../../src/aws/ports.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { synthesize, type Template } from "../../src/synth/synthesize.ts";
import { fakeAccount } from "../deploy/fake-aws.ts";
import { projectFolder, recordingDeps, type RecordingRequest } from "../deploy/recording-deps.ts";
import { builtFunctions, settingsOf } from "../synth/reference-settings.ts";
import { noProcesses } from "./no-processes.ts";
import { createLambdaService } from "../../src/local/services/lambda/service.ts";
import { startTestTarget, type TestTarget, type TestTargetOptions } from "./local-target.ts";

const answering = "exports.handler = async (event) => ({ ok: true, event });";

export interface DeployedProject {
  readonly target: TestTarget;
  readonly aws: Aws;
  /** With lmi.json. */
  readonly cwd: string;
  /** Dependencies of a command that writes down what it says, on this target. */
  readonly deps: (answer?: RecordingRequest["answer"]) => ReturnType<typeof recordingDeps>;
}

export interface ProjectRequest {
  readonly settings?: SettingsInput;
  readonly target?: TestTargetOptions;
  /** Changes the template before it is deployed. */
  readonly change?: (template: Template) => Template;
  readonly parameters?: Readonly<Record<string, string>>;
  /** False: versions become Active, and nothing runs behind them. */
  readonly runs?: boolean;
}

/** A project on a local target in this process, its stack made without the toolkit library: about a second. */
export async function deployedProject({
  settings: input = {},
  target: options = {},
  change = (template) => template,
  parameters = {},
  runs = true,
}: ProjectRequest = {}): Promise<DeployedProject> {
  const services: TestTargetOptions["services"] = {
    lambda: async () => (context) =>
      createLambdaService(context, { runtime: noProcesses, autoscaling: false }),
  };
  const target = await startTestTarget(runs ? options : { services, ...options });
  const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
  const aws = connectAws(
    {
      region: "us-east-1",
      profile: undefined,
      endpoint: target.endpoint,
      credentials,
      local: true,
    },
    { AWS_MAX_ATTEMPTS: "1" },
  );
  const functions = input.functions ?? { hello: { entry: "src/handler.ts" } };
  const whole = { name: "hello", ...input, functions };
  const cwd = await projectFolder(whole);
  await createStack(target, change(await templateOf(whole)), parameters, aws);
  const deps = (answer: RecordingRequest["answer"] = "yes") => {
    const recorded = recordingDeps({ account: fakeAccount(), cwd, answer, local: true });
    const sleep = (milliseconds: number, signal?: AbortSignal) =>
      milliseconds < 60_000
        ? new Promise<void>((resolve) => void setTimeout(resolve, Math.min(milliseconds, 20)))
        : recorded.system.sleep(milliseconds, signal);
    return { ...recorded, system: { ...recorded.system, sleep }, aws: async () => aws };
  };
  return { target, aws, cwd, deps };
}

async function templateOf(input: SettingsInput): Promise<Template> {
  const settings = settingsOf(input);
  const outdir = await mkdtemp(join(tmpdir(), "lmi-synth-"));
  try {
    const assets = builtFunctions(settings);
    return (await synthesize({ settings, outdir, assets })).template;
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

async function createStack(
  target: TestTarget,
  template: Template,
  parameters: Readonly<Record<string, string>>,
  aws: Aws,
): Promise<void> {
  const client = target.client(CloudFormationClient);
  await client.send(
    new CreateStackCommand({
      StackName: "lmi-hello",
      TemplateBody: JSON.stringify(withInlineCode(template)),
      Capabilities: ["CAPABILITY_IAM"],
      Tags: [{ Key: "lmi:project", Value: "hello" }],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    }),
  );
  for (;;) {
    const stack = await aws.stacks.find("lmi-hello");
    if (stack?.status === "CREATE_COMPLETE") return;
    if (stack === undefined || !stack.status.endsWith("_IN_PROGRESS"))
      throw new Error(`The stack is ${stack?.status}: ${stack?.statusReason}`);
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
}

/** No asset is uploaded: the code stands in the template. */
function withInlineCode(template: Template): object {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    if (resource.Type !== "AWS::Lambda::Function") return [id, resource] as const;
    const Properties = {
      ...resource.Properties,
      Handler: "index.handler",
      Code: { ZipFile: answering },
    };
    return [id, { ...resource, Properties }] as const;
  });
  // No bucket, so no bootstrap whose version would be asked for.
  const { BootstrapVersion: _version, ...Parameters } = Object(template["Parameters"]) as object & {
    readonly BootstrapVersion?: unknown;
  };
  return { ...template, Parameters, Resources: Object.fromEntries(resources), Rules: undefined };
}
