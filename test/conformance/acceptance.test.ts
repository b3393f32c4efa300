import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateCapacityProviderCommand,
  LambdaClient,
  ListCapacityProvidersCommand,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Machine, repository, type Running } from "../e2e/lmi.ts";
import { startTestTarget, type TestTarget } from "../helpers/local-target.ts";

const script = join(repository, "scripts", "acceptance.mjs");

interface Run {
  readonly stages: readonly { readonly id: string; readonly result: string }[];
  readonly left: readonly string[];
}
interface Report {
  readonly runs: { readonly local: Run; readonly aws?: Run };
  readonly comparison: readonly { readonly id: string; readonly result: string }[];
}

describe("npm run acceptance:aws", () => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await Machine.create();
  });
  afterAll(() => machine.dispose([]));

  const start = (args: readonly string[], env: Record<string, string> = {}): Running =>
    machine.startProgram(process.execPath, [script, "--no-build", ...args], { env });
  const report = async (folder: string) =>
    JSON.parse(await readFile(join(machine.home, folder, "acceptance.json"), "utf8")) as Report;

  test("refuses to touch an account that nobody has confirmed", async () => {
    const target = await startTestTarget();
    const env = settings(target);
    const asked = await start([], env).finished;
    expect(asked.stderr).toContain("--yes --account <id>. Nothing was done.");
    expect(asked.code).toBe(4);
    // The price was told before.
    expect(asked.stderr).toMatch(/costs about \$\d+\.\d\d:\n.*xlarge.*\n.*fee.*\n.*NAT gateway/);
    const other = await start(["--yes", "--account", "123456789012"], env).finished;
    expect(other.stderr).toContain("belong to account 000000000000, not to 123456789012");
    expect(other.code).toBe(4);
    expect(await everything(target)).toEqual([]);
    const nobody = await start(["--yes", "--account", "123456789012", "--region", "us-east-1"])
      .finished;
    expect(nobody.stderr).toContain("npm run acceptance:aws -- --local");
    expect(nobody.code).toBe(5);
  });

  test("runs in full on the local target and on what answers as AWS, and they do not differ", async () => {
    const target = await startTestTarget({ environments: "all" });
    await leaveSomething(target);
    const args = ["--yes", "--account", "000000000000", "--report", "full"];
    const { code, stderr } = await start(args, settings(target)).finished;
    expect(stderr).toContain("An earlier run has left:\n  capacity provider lmi-acceptance-old");
    expect(stderr.indexOf("costs about $")).toBeLessThan(stderr.indexOf("- deploy on"));
    const { runs, comparison } = await report("full");
    const passed = results(runs.local).map((line) => line.replace(/: \w+$/, ": passed"));
    expect(passed).toHaveLength(16);
    expect(results(runs.local)).toEqual(passed);
    expect(runs.aws && results(runs.aws)).toEqual(passed);
    expect(comparison.length).toBeGreaterThan(80);
    expect(comparison.filter(({ result }) => result !== "same")).toEqual([]);
    expect([runs.local.left, runs.aws?.left]).toEqual([[], []]);
    expect(code).toBe(0);
    expect(await everything(target)).toEqual([]);
    expect(await readFile(join(machine.home, "full", "acceptance.md"), "utf8")).toContain(
      "## Where AWS and the local target differed",
    );
  });

  test("cleans up after a failure in the middle", async () => {
    const running = start(["--local", "--report", "killed"]);
    const state = await stateOf(running);
    await running.shows(/- saturation on/);
    const { pid } = JSON.parse(await readFile(join(state, "target.json"), "utf8")) as {
      pid: number;
    };
    process.kill(pid, "SIGKILL");
    const { code, stderr } = await running.finished;
    const { local } = (await report("killed")).runs;
    expect(results(local), stderr).toContain("saturation: failed");
    expect(local.left).toEqual([]);
    expect(code).toBe(1);
    await expect(access(dirname(state))).rejects.toThrow("ENOENT");
  });

  test("cleans up after Ctrl-C", async () => {
    const running = start(["--local", "--report", "interrupted"]);
    const state = await stateOf(running);
    await running.shows(/- deploy on/);
    running.kill("SIGINT");
    const { code, stderr } = await running.finished;
    expect(stderr).toContain("stopping, then cleaning up");
    const { local } = (await report("interrupted")).runs;
    expect(results(local)).toEqual(["synth: passed", "deploy: interrupted"]);
    expect(local.left, stderr).toEqual([]);
    expect(code).toBe(130);
    await expect(access(dirname(state))).rejects.toThrow("ENOENT");
  });
});

const results = ({ stages }: Run) => stages.map(({ id, result }) => `${id}: ${result}`);

/** The state folder of the local target that a run has started. */
const stateOf = async (running: Running) => {
  await running.shows(/its state in \S+\n/);
  return /its state in (?<folder>\S+)\n/.exec(running.written())?.groups?.["folder"] ?? "";
};

const settings = (target: TestTarget) => ({
  AWS_ENDPOINT_URL: target.endpoint,
  AWS_ACCESS_KEY_ID: "lmi-local",
  AWS_SECRET_ACCESS_KEY: "lmi-local",
  AWS_REGION: "us-east-1",
});

/** As a run that was killed would. */
async function leaveSomething(target: TestTarget): Promise<void> {
  const ec2 = target.client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: "10.9.0.0/24" }),
  );
  const { Role } = await target.client(IAMClient).send(
    new CreateRoleCommand({
      RoleName: "old-operator",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      }),
    }),
  );
  await target.client(LambdaClient).send(
    new CreateCapacityProviderCommand({
      CapacityProviderName: "lmi-acceptance-old",
      VpcConfig: { SubnetIds: [Subnet?.SubnetId ?? ""], SecurityGroupIds: [] },
      PermissionsConfig: { CapacityProviderOperatorRoleArn: Role?.Arn },
    }),
  );
}

/** What stands in the target, the bootstrap stack left out. */
async function everything(target: TestTarget): Promise<string[]> {
  const lambda = target.client(LambdaClient);
  const [stacks, functions, providers] = await Promise.all([
    target.client(CloudFormationClient).send(new DescribeStacksCommand({})),
    lambda.send(new ListFunctionsCommand({})),
    lambda.send(new ListCapacityProvidersCommand({})),
  ]);
  return [
    ...(stacks.Stacks ?? []).map(({ StackName = "" }) => StackName),
    ...(functions.Functions ?? []).map(({ FunctionName = "" }) => FunctionName),
    ...(providers.CapacityProviders ?? []).map(
      ({ CapacityProviderArn = "" }) => CapacityProviderArn,
    ),
  ].filter((name) => name !== "CDKToolkit");
}
