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
import { stackState } from "../../deploy/fake-aws.ts";

afterEach(() => vi.unstubAllEnvs());

/** A deployment that never ends by itself. */
const endless = (
  whenRunning: () => void,
  event: DeployEvent = { type: "execution" },
): Partial<DeployTools> => ({
  deploy: (_request, { signal, onEvent }) =>
    new Promise((_, reject) => {
      onEvent(event);
      signal.addEventListener("abort", () => reject(signal.reason as Error));
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

describe("deploy --attach", () => {
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
