import { describe, expect, test } from "vitest";
import { runDeploy } from "../../../src/cli/commands/deploy.ts";
import type { DeployTools } from "../../../src/cli/commands/deploy/tools.ts";
import {
  deployOptions,
  fakeTools,
  readyAccount,
  startDeploy,
} from "../../deploy/deploy-fixture.ts";
import { stackState } from "../../deploy/fake-aws.ts";

/** A deployment that never ends by itself. */
const endless = (whenRunning: () => void): Partial<DeployTools> => ({
  deploy: (_request, { signal }) =>
    new Promise((_, reject) => {
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

  test("on the local target, and its advice stays there", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account, local: true });
    const tools = fakeTools(
      account,
      endless(() => deps.interruptBy("SIGINT")),
    );
    await expect(runDeploy(deployOptions({ local: true }), deps, tools)).rejects.toMatchObject({
      next: "lmi deploy --local --attach   (waits for it)   or   lmi status --local",
    });
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

  test("by its time limit with exit code 124", async () => {
    const account = readyAccount();
    const { deps } = await startDeploy({ account });
    const tools = fakeTools(
      account,
      endless(() => deps.letTimePass()),
    );
    await expect(runDeploy(deployOptions({ maxWait: "5" }), deps, tools)).rejects.toMatchObject({
      code: "LMI_TIMED_OUT",
      exitCode: 124,
      message: expect.stringContaining("5 minutes"),
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
