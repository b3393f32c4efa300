import {
  CloudFormationClient,
  GetTemplateCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { runDeploy } from "../../src/cli/commands/deploy.ts";
import { createReporter } from "../../src/cli/output/create-reporter.ts";
import { SilentPrompter } from "../../src/cli/silent-prompter.ts";
import { LmiError } from "../../src/errors.ts";
import { systemClock } from "../../src/local/clock.ts";
import type { FaultRule } from "../../src/local/faults/fault.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { deployedProject } from "./deployed-stack.ts";
import { deployOptions } from "../deploy/deploy-fixture.ts";
import { recordingSystem } from "./recording-system.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Resources = Record<string, { readonly Type: string; Properties: Record<string, unknown> }>;

/** A deployed project whose stack can be made to fail, and the command line on it. */
export interface FailingStack {
  /** `lmi deploy --local --attach --no-probe` in the project's folder. */
  readonly attach: () => Promise<Outcome>;
  /** Changes the template, while rules strike, and lets `attach` tell what becomes of it. */
  readonly update: (
    change: (resources: Resources) => void,
    ...rules: readonly FaultRule[]
  ) => Promise<Outcome>;
  readonly project: Awaited<ReturnType<typeof deployedProject>>;
}

const plainOutput = { json: false, quiet: false, verbose: false, color: false, stream: true };

/** Of a wait, a twentieth: AWS's pauses are not the target's. */
const haste = 20;

const sleep = (milliseconds: number, signal?: AbortSignal) =>
  systemClock.sleep(milliseconds > 300_000 ? milliseconds : milliseconds / haste, signal);

export async function failingStack(settings: SettingsInput = {}): Promise<FailingStack> {
  const project = await deployedProject({ settings });
  const { target, cwd, aws } = project;
  const client = target.client(CloudFormationClient);
  const attach = async () => {
    const system = recordingSystem({ cwd, home: cwd, now: () => new Date(), sleep });
    const reporter = await createReporter(plainOutput, system);
    const deps = {
      system,
      reporter,
      prompter: new SilentPrompter({ yes: true }),
      aws: async () => aws,
    };
    try {
      await runDeploy(deployOptions({ local: true, attach: true, probe: false }), deps);
      return { code: 0, ...system.written };
    } catch (error) {
      if (!(error instanceof LmiError)) throw error;
      reporter.failure(error);
      return { code: error.exitCode, ...system.written };
    }
  };
  const update: FailingStack["update"] = async (change, ...rules) => {
    target.faults.clear();
    const { TemplateBody = "{}" } = await client.send(
      new GetTemplateCommand({ StackName: "lmi-hello" }),
    );
    const template = JSON.parse(TemplateBody) as { readonly Resources: Resources };
    change(template.Resources);
    for (const rule of rules) await target.faults.add(rule);
    await client.send(
      new UpdateStackCommand({
        StackName: "lmi-hello",
        TemplateBody: JSON.stringify(template),
        Capabilities: ["CAPABILITY_IAM"],
        Tags: [{ Key: "lmi:project", Value: "hello" }],
      }),
    );
    return attach();
  };
  return { attach, update, project };
}

/** The only resource of a type. */
export function resourceOf(resources: Resources, type: string): Resources[string] {
  const found = Object.values(resources).find(({ Type }) => Type === type);
  if (found === undefined) throw new Error(`The template has no ${type}`);
  return found;
}

export function propertiesOf(resources: Resources, type: string): Record<string, unknown> {
  return resourceOf(resources, type).Properties;
}
