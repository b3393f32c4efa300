import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";

import { Machine, repository, type Finished } from "../e2e/lmi.ts";
import { startTestTarget, type TestTarget } from "../helpers/local-target.ts";

const binary = join(repository, "bench", "node_modules", "aws-cdk", "bin", "cdk");

const unasked = ["--require-approval", "never"];

/** The `cdk` command on a machine of its own, with a local target that is bootstrapped. */
export class CdkWorkbench {
  readonly target: TestTarget;
  readonly machine: Machine;
  readonly lambda: LambdaClient;
  readonly cloudformation: CloudFormationClient;

  private constructor(target: TestTarget, machine: Machine) {
    this.target = target;
    this.machine = machine;
    this.lambda = target.client(LambdaClient);
    this.cloudformation = target.client(CloudFormationClient);
  }

  static async start(): Promise<CdkWorkbench> {
    const target = await startTestTarget({ manual: true });
    const machine = await Machine.create({
      AWS_ENDPOINT_URL: target.endpoint,
      AWS_ACCESS_KEY_ID: "lmi-local",
      AWS_SECRET_ACCESS_KEY: "lmi-local",
      AWS_REGION: "us-east-1",
      CDK_DISABLE_CLI_TELEMETRY: "true",
      // One second and 200 MB for each app; a test of its own has it switched on.
      CDK_VALIDATION: "false",
      CI: "true",
      NO_COLOR: "1",
    });
    const bench = new CdkWorkbench(target, machine);
    await bench.succeed(["bootstrap", "aws://000000000000/us-east-1"]);
    return bench;
  }

  async dispose(): Promise<void> {
    await this.target.close();
    await this.machine.dispose([]);
  }

  /** In a project's folder, or in one of its own, since `cdk` lets only one command at a time write to `cdk.out`. */
  async cdk(
    args: readonly string[],
    env: Record<string, string> = {},
    project?: string,
  ): Promise<Finished> {
    const cwd = project ?? (await mkdtemp(join(this.machine.home, "cdk-")));
    return this.machine.run(process.execPath, [binary, ...args, "--no-notices"], { cwd, env });
  }

  /** A command that has to succeed; gives what it printed. */
  async succeed(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.cdk(args);
    expect(code, stdout + stderr).toBe(0);
    return stdout + stderr;
  }

  /** A command that has to end with 1; gives what it printed. */
  async fail(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.cdk(args);
    expect(code, stdout + stderr).toBe(1);
    return stdout + stderr;
  }

  /** One of the apps in `cdk-apps/`. */
  app(name: string, context: Readonly<Record<string, string>> = {}): string[] {
    const file = join(import.meta.dirname, "cdk-apps", `${name}.mjs`);
    const flags = Object.entries(context).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
    return ["--app", `node "${file}"`, ...flags];
  }

  /** `cdk deploy` that has to succeed; gives the outputs of its stacks. */
  async deploy(args: readonly string[]): Promise<Record<string, Record<string, string>>> {
    const folder = await mkdtemp(join(this.machine.home, "outputs-"));
    const file = join(folder, "outputs.json");
    await this.succeed(["deploy", ...unasked, "--outputs-file", file, ...args]);
    return JSON.parse(await readFile(file, "utf8")) as Record<string, Record<string, string>>;
  }

  /** `cdk deploy` that has to fail; gives what it printed. */
  failDeploy(args: readonly string[]): Promise<string> {
    return this.fail(["deploy", ...unasked, "--progress", "events", ...args]);
  }

  async invoke(functionName: string | undefined, event: unknown = {}): Promise<unknown> {
    const { Payload } = await this.lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    );
    return JSON.parse(new TextDecoder().decode(Payload));
  }

  /** The stack's status, or undefined where there is none. */
  async status(stackName: string): Promise<string | undefined> {
    const { Stacks } = await this.cloudformation.send(new DescribeStacksCommand({}));
    return Stacks?.find((stack) => stack.StackName === stackName)?.StackStatus;
  }
}
