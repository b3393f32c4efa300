import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  type CreateStackInput,
  DeleteStackCommand,
  GetTemplateCommand,
  UpdateStackCommand,
  type UpdateStackInput,
} from "@aws-sdk/client-cloudformation";
import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { FaultRule, ResourceAction } from "../../src/local/faults/fault.ts";
import { commandLineOn, type CommandLine, type Outcome } from "./command-line.ts";
import { deployedProject, type DeployedProject, type ProjectRequest } from "./deployed-stack.ts";
import { pythonProgram } from "./python.ts";

const StackName = "lmi-hello";
const base = {
  StackName,
  Capabilities: ["CAPABILITY_IAM" as const],
  Tags: [{ Key: "lmi:project", Value: "hello" }],
};

interface Template {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

/** A deployed stack that can be brought into every state, and the whole command line on it. */
export interface LimboStack extends DeployedProject, CommandLine {
  readonly status: () => Promise<string | undefined>;
  /** Deletes the stack and makes it anew, the same. @returns the state that it ends in */
  readonly create: (more?: Partial<CreateStackInput>) => Promise<string | undefined>;
  /** Changes the function. @returns the state that it ends in */
  readonly update: (
    more?: Partial<UpdateStackInput>,
    properties?: Readonly<Record<string, unknown>>,
  ) => Promise<string | undefined>;
  readonly remove: () => Promise<string | undefined>;
  /** Deletes the stack and makes a change set of it that nobody executes. */
  readonly review: () => Promise<void>;
  readonly template: () => Promise<Template>;
  readonly settled: () => Promise<string | undefined>;
  /** Types the commands that an explanation advises, as a person would. @returns what the last one said */
  readonly type: (advice: string) => Promise<Outcome>;
}

export const because = "It burnt down.";

export function failing(
  action: ResourceAction,
  resourceType = "AWS::Lambda::Function",
  more: Partial<FaultRule> = {},
): FaultRule {
  return { fault: "failed-resource", resourceType, action, times: 1, reason: because, ...more };
}

export async function limboStack(request: ProjectRequest = { runs: false }): Promise<LimboStack> {
  const project = await deployedProject(request);
  const { target, aws, cwd } = project;
  const client = target.client(CloudFormationClient);
  const commands = await commandLineOn(target, cwd);
  const status = async () => (await aws.stacks.find(StackName))?.status;
  const settled = async () => {
    await expect
      .poll(async () => (await status()) ?? "gone", { timeout: 20_000, interval: 20 })
      .not.toMatch(/^(?!REVIEW).*_IN_PROGRESS$/);
    return status();
  };
  const template = async () => {
    const { TemplateBody = "{}" } = await client.send(new GetTemplateCommand({ StackName }));
    return JSON.parse(TemplateBody) as Template;
  };
  const remove = async () => {
    await client.send(new DeleteStackCommand({ StackName }));
    return settled();
  };
  let changes = 0;
  return {
    ...project,
    ...commands,
    status,
    settled,
    template,
    remove,
    create: async (more = {}) => {
      const TemplateBody = JSON.stringify(await template());
      const faults = target.faults.list().map(({ rule }) => rule);
      target.faults.clear();
      await remove();
      for (const rule of faults) await target.faults.add(rule);
      await client.send(new CreateStackCommand({ ...base, TemplateBody, ...more }));
      return settled();
    },
    update: async (more = {}, properties = {}) => {
      const { Resources, ...rest } = await template();
      changes += 1;
      for (const { Type, Properties } of Object.values(Resources))
        if (Type === "AWS::Lambda::Function")
          Object.assign(Properties, { Description: `change ${changes}` }, properties);
      const TemplateBody = JSON.stringify({ ...rest, Resources });
      await client.send(new UpdateStackCommand({ ...base, TemplateBody, ...more }));
      return settled();
    },
    review: async () => {
      const TemplateBody = JSON.stringify(await template());
      await remove();
      const made = { ChangeSetName: "nobody-s", ChangeSetType: "CREATE" as const };
      await client.send(new CreateChangeSetCommand({ ...base, ...made, TemplateBody }));
    },
    type: async (advice) => {
      let last: Outcome | undefined;
      for (const command of advice.split(" && ")) {
        const [program = "", ...words] = command
          .replace(/ {3}\(.*$/, "")
          .trim()
          .split(/\s+/);
        const unasked = /^(deploy|destroy)$/.test(words[0] ?? "") ? ["--yes"] : [];
        const probe = words[0] === "deploy" ? ["--no-probe"] : [];
        last =
          program === "lmi"
            ? await commands.lmi(...words, ...unasked, ...probe)
            : await runAws(words);
        expect(last, last.stderr).toMatchObject({ code: 0 });
      }
      if (last === undefined) throw new Error(`No command in ${advice}`);
      return last;
    },
  };
}

async function runAws(words: readonly string[]): Promise<Outcome> {
  const program = pythonProgram("aws");
  if (program === undefined) throw new Error("There is no AWS CLI");
  const env = {
    PATH: process.env["PATH"],
    AWS_ACCESS_KEY_ID: "lmi-local",
    AWS_SECRET_ACCESS_KEY: "lmi-local",
    AWS_CONFIG_FILE: "/dev/null",
  };
  const said = await promisify(execFile)(program, [...words], { env });
  return { code: 0, ...said };
}

/** The commands that a failure advises: the lines between its words and its code. */
export function adviceIn({ stderr }: Outcome): string {
  const found = /\n {2}((?:aws|lmi) [^\n]*)\n {2}LMI_/.exec(stderr);
  if (found?.[1] === undefined) throw new Error(`No advice in: ${stderr}`);
  return found[1];
}

/** The command that a status advises. */
export function nextIn({ stdout }: Outcome): string {
  const found = /^Next +(.*)$/m.exec(stdout);
  if (found?.[1] === undefined) throw new Error(`No next command in: ${stdout}`);
  return found[1];
}
