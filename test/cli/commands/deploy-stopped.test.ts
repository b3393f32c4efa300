import { readdir } from "node:fs/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { runDeploy } from "../../../src/cli/commands/deploy.ts";
import type { DeployTools } from "../../../src/cli/commands/deploy/tools.ts";
import type { DeployEvent } from "../../../src/deploy/deploy-event.ts";
import { LmiError } from "../../../src/errors.ts";
import {
  deployOptions,
  fakeTools,
  readyAccount,
  startDeploy,
} from "../../deploy/deploy-fixture.ts";
import type { StackEvent, StackState } from "../../../src/aws/ports.ts";
import { stackEvent, stackState } from "../../deploy/fake-aws.ts";

afterEach(() => vi.unstubAllEnvs());

/** A deployment that never ends by itself. */
const endless = (
  whenRunning: () => void,
  event: DeployEvent = { type: "execution" },
): Partial<DeployTools> => ({
  deploy: (_request, { signal, onEvent }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
      onEvent(event);
      setImmediate(whenRunning);
    }),
});

describe("deploy is stopped", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "by %s with exit code %i, and says that CloudFormation goes on",
    async (signal, exitCode) => {
      const account = readyAccount();
      const { deps } = await startDeploy({ account });
      const tools = fakeTools(
        account,
        endless(() => deps.interruptBy(signal)),
      );
      await expect(runDeploy(deployOptions(), deps, tools)).rejects.toMatchObject({
        code: "LMI_INTERRUPTED",
        exitCode,
        why: expect.stringContaining("CloudFormation goes on"),
        next: expect.stringContaining("lmi deploy --attach"),
      });
    },
  );

  test("during the upload, and does not claim that CloudFormation works", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account });
    const tools = fakeTools(
      account,
      endless(() => deps.interruptBy("SIGINT"), { type: "asset", message: "publishing" }),
    );
    const failure = await runDeploy(deployOptions(), deps, tools).catch((error: unknown) => error);
    expect(failure).toMatchObject({ exitCode: 130, next: "lmi deploy" });
    expect(failure).toMatchObject({ why: expect.stringContaining("Nothing of this version") });
    expect(failure).not.toMatchObject({ why: expect.stringContaining("goes on") });
  });

  test.each(["diff", "bootstrapVersion"] as const)(
    "while %s runs, says that nothing was changed, and leaves no folder",
    async (tool) => {
      const account = readyAccount();
      const { cwd, deps } = await startDeploy({ account });
      vi.stubEnv("TMPDIR", cwd);
      const tools = fakeTools(account, {
        [tool]: () => {
          deps.interruptBy("SIGINT");
          return new Promise(() => {});
        },
      });
      await expect(runDeploy(deployOptions(), deps, tools)).rejects.toMatchObject({
        code: "LMI_INTERRUPTED",
        exitCode: 130,
        why: "Nothing was changed.",
      });
      expect((await readdir(cwd)).filter((name) => name.startsWith("lmi-deploy"))).toEqual([]);
    },
  );

  test("while the account is asked who is calling, and leaves no folder", async () => {
    const account = readyAccount();
    const { cwd, deps } = await startDeploy({ account });
    vi.stubEnv("TMPDIR", cwd);
    const aws = () => {
      setImmediate(() => deps.interruptBy("SIGTERM"));
      return new Promise<never>(() => {});
    };
    const deploying = runDeploy(deployOptions(), { ...deps, aws }, fakeTools(account));
    await expect(deploying).rejects.toMatchObject({ code: "LMI_INTERRUPTED", exitCode: 143 });
    expect((await readdir(cwd)).filter((name) => name.startsWith("lmi-deploy"))).toEqual([]);
  });

  test("by credentials that expire while CloudFormation works, and says that it goes on", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account });
    const tools = fakeTools(account, {
      deploy: async (_request, { onEvent }) => {
        onEvent({ type: "execution" });
        throw new LmiError("LMI_CREDENTIALS_EXPIRED", "Expired.", { exitCode: 5, next: "Log in" });
      },
    });
    await expect(runDeploy(deployOptions(), deps, tools)).rejects.toMatchObject({
      code: "LMI_CREDENTIALS_EXPIRED",
      exitCode: 5,
      why: expect.stringContaining("CloudFormation goes on"),
      next: expect.stringContaining("lmi deploy --attach"),
    });
  });

  test("on the local target, and its advice stays there", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account, local: true });
    const tools = fakeTools(
      account,
      endless(() => deps.interruptBy("SIGINT")),
    );
    const deploying = runDeploy(deployOptions({ local: true }), deps, tools);
    const failure = await deploying.catch((error: unknown) => error);
    expect(failure).toMatchObject({
      next: "lmi deploy --local --attach   (waits for it)   or   lmi status --local",
    });
    expect(failure).not.toMatchObject({ why: expect.stringContaining("costs money") });
  });

  test("by the end of the local target within seconds, and the same command goes on", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account, local: true });
    const tools = fakeTools(
      account,
      endless(() => undefined),
    );
    await expect(runDeploy(deployOptions({ local: true }), deps, tools)).rejects.toMatchObject({
      code: "LMI_ENDPOINT_UNREACHABLE",
      exitCode: 1,
      next: expect.stringMatching(/^lmi deploy --local /),
    });
  });

  test.each([
    ["5", "within 5 minutes ("],
    ["1", "within 1 minute ("],
  ])("by its time limit of %s with exit code 124", async (maxWait, says) => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account });
    const tools = fakeTools(
      account,
      endless(() => deps.letTimePass()),
    );
    await expect(runDeploy(deployOptions({ maxWait }), deps, tools)).rejects.toMatchObject({
      code: "LMI_TIMED_OUT",
      exitCode: 124,
      message: expect.stringContaining(says),
    });
  });
});

describe("deploy --detach", () => {
  test("leaves when CloudFormation has begun, and says how to come back", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account });
    const begun = stackState({ status: "CREATE_IN_PROGRESS" });
    const tools = fakeTools(
      account,
      endless(() => undefined),
    );
    const deploy: DeployTools["deploy"] = (request, context) => {
      account.stack = begun;
      return tools.deploy(request, context);
    };
    await runDeploy(deployOptions({ detach: true }), deps, { ...tools, deploy });
    expect(deps.results).toMatchObject([
      { detached: true, changed: true, stackId: begun.stackId, outputs: {}, answers: [] },
    ]);
    expect(deps.lines).not.toContain("step first answer");
    expect(deps.lines.join("\n")).toContain("Come back: lmi deploy --attach");
  });

  test("has nothing to leave where nothing changes", async () => {
    const account = readyAccount();
    const { cwd, deps } = await startDeploy({ account });
    await runDeploy(deployOptions(), deps, fakeTools(account));
    const again = await startDeploy({ account, cwd });
    await runDeploy(deployOptions({ detach: true }), again.deps, fakeTools(account));
    expect(again.deps.results).toMatchObject([
      { changed: false, outputs: { FunctionName: "hello" } },
    ]);
  });
});

const at = (seconds: number) => new Date(Date.UTC(2025, 11, 31, 23, 59, seconds));

describe("deploy --attach", () => {
  const template = JSON.stringify({
    Resources: { Vpc: { Type: "AWS::EC2::VPC" }, Role: { Type: "AWS::IAM::Role" } },
  });
  const event = (logicalId: string, status: string, seconds: number, type: string) =>
    stackEvent({ logicalId, status, time: at(seconds), type, eventId: `${logicalId}${seconds}` });
  const stackStart = {
    ...stackEvent({ logicalId: "lmi-hello", status: "CREATE_IN_PROGRESS", time: at(0) }),
    token: "exec-1",
  };
  /** Newest first. */
  const soFar = [
    event("Role", "CREATE_IN_PROGRESS", 20, "AWS::IAM::Role"),
    event("Vpc", "CREATE_COMPLETE", 15, "AWS::EC2::VPC"),
    event("Vpc", "CREATE_IN_PROGRESS", 5, "AWS::EC2::VPC"),
    stackStart,
  ];

  async function attachTo(after: Partial<StackState>, ...ending: StackEvent[]) {
    const changeSetId = "arn:aws:cloudformation:eu-west-1:1:changeSet/lmi-ann-0123abcd/1";
    const account = readyAccount({
      stack: stackState({ status: "CREATE_IN_PROGRESS", changeSetId }),
      events: soFar,
      deployedTemplate: template,
    });
    const { deps } = await startDeploy({ account });
    const sleep = async (milliseconds: number, signal?: AbortSignal) => {
      if (milliseconds >= 60_000) return deps.system.sleep(milliseconds, signal);
      account.stack = stackState({ changeSetId, ...after });
      account.events = [...ending, ...soFar];
    };
    const ended = runDeploy(
      deployOptions({ attach: true }),
      { ...deps, system: { ...deps.system, sleep } },
      fakeTools(account),
    );
    return { deps, ended };
  }

  test("shows the stages from the first event on, says who began, and ends as deploy does", async () => {
    const end = event("Role", "CREATE_COMPLETE", 30, "AWS::IAM::Role");
    const { deps, ended } = await attachTo({ status: "CREATE_COMPLETE" }, end);
    await ended;
    const told = deps.lines.join("\n");
    expect(told.replaceAll(/\s+/g, " ")).toContain(
      "lmi-hello is CREATE_IN_PROGRESS since 23:59:00 UTC (1:00), begun by lmi (ann).",
    );
    expect(deps.lines.filter((line) => line.startsWith("step"))).toEqual([
      "step network",
      "step roles and logs",
      "step instances",
      "step version",
      "step first answer",
    ]);
    expect(deps.results).toMatchObject([
      { attached: true, changed: true, milliseconds: 60_000, outputs: { FunctionName: "hello" } },
    ]);
  });

  test("to one that fails meanwhile ends with its failure", async () => {
    const failed = event("Role", "CREATE_FAILED", 30, "AWS::IAM::Role");
    const { ended } = await attachTo(
      { status: "ROLLBACK_COMPLETE" },
      event("lmi-hello", "ROLLBACK_COMPLETE", 40, "AWS::CloudFormation::Stack"),
      { ...failed, statusReason: "no such policy" },
    );
    await expect(ended).rejects.toMatchObject({
      code: "LMI_DEPLOY_FAILED",
      message: expect.stringContaining("no such policy"),
    });
  });

  test("to a stack of which nothing has begun says so", async () => {
    const account = readyAccount({ stack: stackState({ status: "REVIEW_IN_PROGRESS" }) });
    const { deps } = await startDeploy({ account });
    await expect(
      runDeploy(deployOptions({ attach: true }), deps, fakeTools(account)),
    ).rejects.toMatchObject({ code: "LMI_NOTHING_UNDER_WAY", next: "lmi deploy" });
  });

  test("waits for the change under way, then for the answer, and changes nothing", async () => {
    const account = readyAccount({ stack: stackState({ status: "UPDATE_IN_PROGRESS" }) });
    const { deps } = await startDeploy({ account });
    const tools = fakeTools(account);
    const finishing = {
      ...deps.system,
      sleep: async (milliseconds: number, signal?: AbortSignal) => {
        if (milliseconds >= 60_000) return deps.system.sleep(milliseconds, signal);
        account.stack = stackState({ status: "UPDATE_COMPLETE" });
      },
    };
    await runDeploy(deployOptions({ attach: true }), { ...deps, system: finishing }, tools);
    expect(tools.calls).toEqual([]);
    expect(deps.results).toMatchObject([
      { stackName: "lmi-hello", outputs: { FunctionName: "hello" } },
    ]);
  });

  test("without a stack it says where it looked", async () => {
    const { deps } = await startDeploy({ account: readyAccount() });
    await expect(
      runDeploy(deployOptions({ attach: true }), deps, fakeTools(readyAccount())),
    ).rejects.toMatchObject({
      code: "LMI_STACK_NOT_FOUND",
      message: expect.stringContaining("account 123456789012, region eu-west-1"),
    });
  });
});
