import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openToOthers } from "../helpers/open-to-others.ts";
import { pythonProgram } from "../helpers/python.ts";
import { Machine } from "./lmi.ts";

const answer =
  '{"statusCode":200,"body":"{\\"message\\":\\"Hello from Lambda Managed Instances!\\",\\"event\\":{\\"test\\":\\"data\\"}}"}';
const awsCli = pythonProgram("aws");
const functionName = "my-managed-instance-function";

describe("the reference stack, from nothing to a running function and back", () => {
  let machine: Machine;
  let cwd: string;

  beforeAll(async () => {
    machine = await Machine.create();
    cwd = join(machine.home, "hello");
    const init = await machine.lmi(["init", "hello", "--yes"]);
    expect(init).toMatchObject({ code: 0, stdout: expect.any(String) });
    const deploy = await machine.lmi(
      ["deploy", "--local", "--yes", "--outputs-file", "outputs.json"],
      { cwd },
    );
    expect(deploy.stderr).toContain("000000000000");
    expect(deploy, deploy.stderr).toMatchObject({ code: 0 });
  }, 120_000);
  afterAll(() => machine.dispose([cwd]));

  const lmi = (...args: string[]) => machine.lmi(args, { cwd });

  test("invoke prints the payload and nothing else on stdout", async () => {
    const result = await lmi("invoke", "--local", "--payload", '{"test":"data"}');
    expect(result).toMatchObject({ code: 0, stdout: answer });
  });

  test.each([
    ["a file", ["--payload", "events/sample.json"], undefined],
    ["@file", ["--payload", "@events/sample.json"], undefined],
    ["stdin", ["--payload", "-"], '{"test":"data"}'],
  ])("invoke takes the payload from %s", async (_, args, input) => {
    const result = await machine.lmi(["invoke", "--local", ...args], {
      cwd,
      ...(input ? { input } : {}),
    });
    expect(result).toMatchObject({ code: 0, stdout: answer });
  });

  test("a deploy without changes ends with 0 and prints the outputs", async () => {
    const result = await lmi("deploy", "--local", "--yes");
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toMatch(/FunctionName\s+my-managed-instance-function/);
    expect(JSON.parse(await readFile(join(cwd, "outputs.json"), "utf8"))).toMatchObject({
      "lmi-hello": { FunctionName: functionName },
    });
  });

  test("logs and status tell of the request and the version", async () => {
    const answered = await lmi("invoke", "--local", "--json");
    const { requestId } = JSON.parse(answered.stdout) as { requestId: string };
    const reported = async () => {
      const { stdout } = await lmi("logs", "--local", "--json");
      return stdout
        .split("\n")
        .filter((line) => line.includes("platform.report") && line.includes(requestId)).length;
    };
    // The record is written once the answer is out.
    await expect.poll(reported, { timeout: 10_000 }).toBe(1);
    const status = JSON.parse((await lmi("status", "--local", "--json")).stdout) as Record<
      string,
      unknown
    >;
    expect(status).toMatchObject({
      account: "000000000000",
      region: "us-east-1",
      stack: { stackName: "lmi-hello", status: "CREATE_COMPLETE" },
      capacityProvider: { state: "Active", maxVCpuCount: 30 },
      functions: [
        {
          name: functionName,
          published: {
            version: "$LATEST.PUBLISHED",
            state: "Active",
            lastUpdateStatus: "Successful",
            memoryMb: 2048,
          },
        },
      ],
    });
    expect(status["instances"]).toEqual([expect.objectContaining({ state: "running" })]);
  });

  test.skipIf(process.platform === "win32")(
    "its environment variables, code and log lines are for their owner only",
    async () => {
      const { stateDir } = JSON.parse((await lmi("local", "status", "--json")).stdout) as {
        stateDir: string;
      };
      expect(await readdir(stateDir)).toEqual(
        expect.arrayContaining(["blobs", "lambda", "logs.sqlite-wal", "state.sqlite-wal"]),
      );
      expect(await openToOthers(stateDir)).toEqual([]);
    },
  );

  test("an unknown function is an error that names it", async () => {
    const result = await lmi("invoke", "no-such-function", "--local");
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("no-such-function");
    expect(result.stdout).toBe("");
  });

  test.skipIf(awsCli === undefined)(
    "the AWS CLI gets the same answers",
    async () => {
      const local = JSON.parse((await lmi("local", "status", "--json")).stdout) as {
        endpoint: string;
      };
      const env = {
        AWS_ACCESS_KEY_ID: "x",
        AWS_SECRET_ACCESS_KEY: "y",
        AWS_DEFAULT_REGION: "us-east-1",
      };
      const aws = (...args: string[]) =>
        machine.run(awsCli ?? "", ["--endpoint-url", local.endpoint, "--output", "json", ...args], {
          cwd,
          env,
        });
      const invoke = await aws(
        "lambda",
        "invoke",
        "--function-name",
        functionName,
        "--payload",
        '{"test":"data"}',
        "r.json",
      );
      expect(invoke, invoke.stderr).toMatchObject({ code: 0 });
      expect(await readFile(join(cwd, "r.json"), "utf8")).toBe(answer);
      const stacks = JSON.parse((await aws("cloudformation", "describe-stacks")).stdout);
      const stack = stacks.Stacks.find(
        (one: { StackName: string }) => one.StackName === "lmi-hello",
      );
      expect(stack).toMatchObject({ StackStatus: "CREATE_COMPLETE" });
      const output = (key: string) =>
        stack.Outputs.find((one: { OutputKey: string }) => one.OutputKey === key)
          .OutputValue as string;
      const logs = await aws(
        "logs",
        "filter-log-events",
        "--log-group-name",
        output("FunctionLogGroup"),
      );
      expect(JSON.parse(logs.stdout).events.length).toBeGreaterThan(0);
      const provider = await aws(
        "lambda",
        "get-capacity-provider",
        "--capacity-provider-name",
        output("CapacityProviderArn").split(":").at(-1) ?? "",
      );
      expect(JSON.parse(provider.stdout)).toMatchObject({ CapacityProvider: { State: "Active" } });
    },
    60_000,
  );

  test("destroy removes everything, and a second one says that there is nothing", async () => {
    const destroy = await lmi("destroy", "--local", "--yes");
    expect(destroy, destroy.stderr).toMatchObject({ code: 0 });
    const again = await lmi("destroy", "--local", "--yes");
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/is gone from account 000000000000,\s+us-east-1/);
    const down = await lmi("local", "reset", "--yes");
    expect(down.code).toBe(0);
    const status = JSON.parse((await lmi("local", "status", "--json")).stdout) as {
      stateDir: string;
      running: boolean;
    };
    expect(status.running).toBe(false);
    await expect(access(status.stateDir)).rejects.toThrow();
  }, 60_000);
});
