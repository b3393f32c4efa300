import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test, vi } from "vitest";
import { deployCommand, type DeployOptions, runDeploy } from "../../../src/cli/commands/deploy.ts";
import {
  deployOptions,
  fakeTools,
  readyAccount,
  startDeploy,
} from "../../deploy/deploy-fixture.ts";
import { answered, fakeAccount, publishedState, stackState } from "../../deploy/fake-aws.ts";
import { projectFolder, recordingDeps } from "../../deploy/recording-deps.ts";

describe("deploy", () => {
  test("says who and where, shows the changes, asks, deploys, waits for the answer, prints the outputs", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account });
    const tools = fakeTools(account);
    await runDeploy(deployOptions(), deps, tools);
    expect(deps.lines[0]).toBe(
      "info Account 123456789012 · eu-west-1 · as role/Developer · stack lmi-hello",
    );
    expect(deps.lines).toEqual([
      expect.stringContaining("Account"),
      "step preflight",
      "step plan and cost",
      "info + 1 resource: role\nIAM     + Role  everything",
      expect.stringMatching(/Cost .*\/month at the minimum, up to .* at the cap of 30 vCPUs/),
      "ask Deploy lmi-hello?",
      expect.stringContaining("--attach"),
      "step assets",
      "step instances",
      "step version",
      "step first answer",
      expect.stringContaining("First answer 200"),
      expect.stringContaining("lmi invoke"),
      expect.stringContaining("lmi status"),
    ]);
    expect(tools.calls).toEqual(["diff", "bootstrapVersion", "deploy"]);
    expect(deps.results).toMatchObject([
      { stackName: "lmi-hello", changed: true, outputs: { FunctionName: "hello" } },
    ]);
    expect(deps.rendered[0]).toContain("FunctionName         hello");
    expect(deps.events.map(({ type }) => type)).toEqual(["target", "changes"]);
  });

  test.each([
    [false, 1],
    [true, 0],
  ])("says once since when it costs (local target: %s)", async (local, times) => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account, local });
    const tools = fakeTools(account);
    await runDeploy(deployOptions({ local }), deps, {
      ...tools,
      deploy: (request, context) => {
        for (const status of ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CREATE_COMPLETE"]) {
          context.onEvent({
            type: "resource",
            time: new Date(0),
            logicalId: "Nat",
            physicalId: undefined,
            resourceType: "AWS::EC2::NatGateway",
            status,
            reason: undefined,
            progress: undefined,
          });
        }
        return tools.deploy(request, context);
      },
    });
    const said = deps.lines.filter((line) =>
      /Billing since \d\d:\d\d:\d\d UTC: NAT gateway ≈ \$0\.045\/h/.test(line),
    );
    expect(said).toHaveLength(times);
  });

  test("a second one finds nothing to do, without the toolkit, and writes the outputs", async () => {
    const account = readyAccount();
    const { cwd, deps } = await startDeploy({ account });
    await runDeploy(deployOptions(), deps, fakeTools(account));
    const tools = fakeTools(account);
    const again = recordingDeps({ account, cwd, answer: "nobody" });
    await runDeploy(deployOptions({ outputsFile: "out/outputs.json" }), again, tools);
    expect(tools.calls).toEqual([]);
    expect(again.results).toMatchObject([{ changed: false, outputs: { FunctionName: "hello" } }]);
    const written: unknown = JSON.parse(await readFile(join(cwd, "out/outputs.json"), "utf8"));
    expect(written).toEqual({ "lmi-hello": account.stack?.outputs });
  });

  test.each([
    ["no", "LMI_DECLINED"],
    ["nobody", "LMI_APPROVAL_NEEDED"],
  ] as const)(
    "an approval that comes from %s changes nothing and ends with 4",
    async (answer, code) => {
      const account = readyAccount();
      const { deps } = await startDeploy({ account, answer });
      const tools = fakeTools(account);
      await expect(runDeploy(deployOptions(), deps, tools)).rejects.toMatchObject({
        code,
        exitCode: 4,
      });
      expect(tools.calls).not.toContain("deploy");
    },
  );

  test("--require-approval never asks nobody", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account, answer: "nobody" });
    await runDeploy(deployOptions({ requireApproval: "never" }), deps, fakeTools(account));
    expect(deps.results).toHaveLength(1);
  });

  test("an account that is not bootstrapped is asked for, and done after every yes", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account });
    const tools = fakeTools(account, { bootstrapVersion: async () => undefined });
    await runDeploy(deployOptions(), deps, tools);
    expect(deps.lines.filter((line) => line.startsWith("ask"))).toHaveLength(2);
    expect(tools.calls).toEqual(["diff", "bootstrapVersion", "bootstrap", "deploy"]);
  });

  test("without anybody to ask it names lmi bootstrap", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account, answer: "nobody" });
    const tools = fakeTools(account, { bootstrapVersion: async () => undefined });
    await expect(runDeploy(deployOptions(), deps, tools)).rejects.toMatchObject({
      code: "LMI_BOOTSTRAP_NEEDED",
      exitCode: 4,
      next: expect.stringContaining("lmi bootstrap"),
    });
    expect(tools.calls).not.toContain("bootstrap");
  });

  test("the local target is bootstrapped without a question, through its endpoint", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account, local: true });
    const tools = fakeTools(account, { bootstrapVersion: async () => undefined });
    await runDeploy(deployOptions({ local: true }), deps, tools);
    expect(deps.lines.filter((line) => line.startsWith("ask"))).toEqual(["ask Deploy lmi-hello?"]);
    expect(deps.variables).toMatchObject({
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "lmi-local",
      AWS_PROFILE: undefined,
    });
  });

  test("a stack of somebody else stops it before anything", async () => {
    const account = readyAccount({ stack: stackState({ tags: {} }) });
    const { deps } = await startDeploy({ account });
    const tools = fakeTools(account);
    await expect(runDeploy(deployOptions(), deps, tools)).rejects.toMatchObject({
      code: "LMI_STACK_NOT_OURS",
      exitCode: 2,
    });
    expect(tools.calls).toEqual([]);
  });

  test("a stack that failed at its first creation is cleared away and made anew", async () => {
    const account = readyAccount({
      stack: stackState({ status: "ROLLBACK_COMPLETE", outputs: {} }),
    });
    const { deps } = await startDeploy({ account });
    let before: unknown = "not asked";
    const tools = fakeTools(account);
    await runDeploy(deployOptions(), deps, {
      ...tools,
      deploy: (request, context) => {
        before = account.stack;
        return tools.deploy(request, context);
      },
    });
    expect(account.deletions).toBe(1);
    expect(before).toBeUndefined();
    expect(deps.lines).toContainEqual(expect.stringContaining("ROLLBACK_COMPLETE"));
    expect(deps.lines).toContain("ask Delete the failed stack and deploy lmi-hello?");
  });

  test.each([
    ["DELETE_FAILED", 1],
    ["ROLLBACK_FAILED", 1],
    ["ROLLBACK_COMPLETE", 0],
  ])(
    "--require-approval destructive on a stack that is %s asks %i times",
    async (status, times) => {
      const account = readyAccount({ stack: stackState({ status, outputs: {} }) });
      const { deps } = await startDeploy({ account });
      const options = deployOptions({ requireApproval: "destructive" });
      await runDeploy(options, deps, fakeTools(account));
      expect(deps.lines.filter((line) => line.startsWith("ask"))).toHaveLength(times);
    },
  );

  test("a function that answers with an error is deployed, and said", async () => {
    const account = readyAccount({ answers: [answered({ functionError: "Unhandled" })] });
    const { deps } = await startDeploy({ account });
    await runDeploy(deployOptions(), deps, fakeTools(account));
    expect(deps.lines).toContainEqual(expect.stringMatching(/^warn hello answered with an error/));
  });

  test("a function that may run nowhere is paused, said so, and not asked", async () => {
    const account = readyAccount({
      published: publishedState({ state: "Deactivated" }),
      answers: [],
    });
    const none = { entry: "src/handler.ts", minEnvironments: 0, maxEnvironments: 0 };
    const cwd = await projectFolder({ functions: { hello: none } });
    const { deps } = await startDeploy({ account, cwd });
    await runDeploy(deployOptions(), deps, fakeTools(account));
    expect(deps.lines).toContainEqual(expect.stringContaining("hello is paused"));
    expect(deps.lines).not.toContain("step first answer");
    expect(deps.results).toMatchObject([{ changed: true, answers: [] }]);
  });

  test("resources that could not be deleted end it with 3, after the outputs", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account });
    const address = {
      logicalId: "Address",
      physicalId: "203.0.113.7",
      type: "AWS::EC2::EIP",
      status: "DELETE_FAILED",
      statusReason: "in use",
    };
    const left = {
      logicalId: "Old",
      physicalId: "vpc-1",
      type: "AWS::EC2::VPC",
      status: "DELETE_FAILED",
      statusReason: "in use",
    };
    const tools = fakeTools(account, {
      deploy: async () => ({ stack: stackState(), leftBehind: [left, address], changed: true }),
    });
    await expect(runDeploy(deployOptions(), deps, tools)).rejects.toMatchObject({
      code: "LMI_RESOURCES_LEFT",
      exitCode: 3,
      next: expect.stringMatching(
        /^aws cloudcontrol delete-resource --type-name AWS::EC2::VPC --identifier vpc-1 --region \S+\nAnd the others by hand, .*$/,
      ) as unknown,
    });
    expect(deps.results).toHaveLength(1);
  });

  test("a broken handler is told before anything else, with exit code 2", async () => {
    const account = readyAccount({ stack: stackState({ tags: {} }) });
    const cwd = await projectFolder({ functions: { hello: { entry: "src/handlr.ts" } } });
    const { deps } = await startDeploy({ account, cwd });
    await expect(runDeploy(deployOptions(), deps, fakeTools(account))).rejects.toMatchObject({
      code: "LMI_ENTRY_NOT_FOUND",
    });
  });
});

describe("deploy --max-monthly", () => {
  test.each([
    ["100", "LMI_TOO_EXPENSIVE", "≈ $179 a month at the minimum, more than 100 US dollars"],
    ["cheap", "LMI_USAGE", "--max-monthly cheap"],
  ])("%s refuses before AWS is asked", async (maxMonthly, code, words) => {
    const account = fakeAccount();
    const { deps } = await startDeploy({ account });
    const asked = vi.spyOn(deps, "aws");
    await expect(
      runDeploy(deployOptions({ maxMonthly }), deps, fakeTools(account)),
    ).rejects.toMatchObject({ code, exitCode: 2, message: expect.stringContaining(words) });
    expect(asked).not.toHaveBeenCalled();
  });

  test("lets through what costs less", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account });
    await runDeploy(deployOptions({ maxMonthly: "180" }), deps, fakeTools(account));
    expect(deps.results).toHaveLength(1);
    const said = deps.lines.join(" ").replaceAll(/\s+/g, " ");
    expect(said).toContain("≈ $179 a month at the minimum, within 180 US dollars.");
    expect(said).toContain("without volumes, logs, requests and traffic.");
  });
});

describe("the deploy command line", () => {
  test.each([
    [
      [],
      { requireApproval: "any-change", probe: true, maxWait: "60", attach: false, settings: {} },
    ],
    [["--max-vcpu", "30", "--memory", "4096"], { settings: { maxVcpu: "30", memory: "4096" } }],
    [
      ["--no-probe", "--require-approval", "any-change"],
      { probe: false, requireApproval: "any-change" },
    ],
    [["--probe", "{}", "--max-wait", "5", "--attach"], { probe: "{}", maxWait: "5", attach: true }],
    [["--outputs-file", "o.json"], { outputsFile: "o.json" }],
    [["--detach"], { detach: true, attach: false }],
    [["--max-monthly", "200"], { maxMonthly: "200" }],
  ])("%o", async (argv, expected) => {
    const { deps } = await startDeploy({ account: fakeAccount() });
    let seen: DeployOptions | undefined;
    const command = deployCommand(deps, async (given) => void (seen = given));
    await new Command("lmi").addCommand(command).parseAsync(["deploy", ...argv], { from: "user" });
    expect(seen).toMatchObject(expected);
  });
});
