import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectAws } from "../../../src/aws/connect.ts";
import { runDeploy } from "../../../src/cli/commands/deploy.ts";
import { runDestroy } from "../../../src/cli/commands/destroy.ts";
import { deployOptions } from "../../deploy/deploy-fixture.ts";
import { fakeAccount } from "../../deploy/fake-aws.ts";
import { projectFolder, recordingDeps, sharedDefaults } from "../../deploy/recording-deps.ts";
import { setProcessVariables } from "../../helpers/command-line.ts";
import { startTestTarget } from "../../helpers/local-target.ts";

async function localDeps() {
  const { endpoint } = await startTestTarget();
  const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
  const aws = connectAws(
    { region: "us-east-1", profile: undefined, endpoint, credentials, local: true },
    {},
  );
  const cdkHome = await mkdtemp(join(tmpdir(), "lmi-test-"));
  onTestFinished(() => rm(cdkHome, { recursive: true, force: true }));
  setProcessVariables({ CDK_HOME: cdkHome });
  const cwd = await projectFolder();
  return () => {
    const deps = recordingDeps({ account: fakeAccount(), cwd, answer: "yes", local: true });
    const sleep = (milliseconds: number, signal?: AbortSignal) =>
      milliseconds < 60_000
        ? new Promise<void>((resolve) => void setTimeout(resolve, milliseconds))
        : deps.system.sleep(milliseconds, signal);
    const system = { ...deps.system, sleep, now: () => new Date(), setEnv: setProcessVariables };
    return { ...deps, system, aws: async () => aws };
  };
}

test(
  "deploy, again, broken, destroy: the real toolkit on the local target",
  { timeout: 60_000 },
  async () => {
    const next = await localDeps();

    const first = next();
    await runDeploy(deployOptions({ local: true }), first);
    expect(first.lines).toContain("step bootstrap");
    expect(first.results).toMatchObject([
      {
        changed: true,
        account: "000000000000",
        answers: [{ statusCode: 200, functionError: undefined }],
      },
    ]);

    const again = next();
    await runDeploy(deployOptions({ local: true }), again);
    expect(again.results).toMatchObject([{ changed: false, outputs: { FunctionName: "hello" } }]);

    const broken = next();
    await writeFile(
      join(broken.system.cwd, "src/handler.ts"),
      'throw new Error("boom");\nexport const handler = async () => 1;\n',
    );
    await expect(runDeploy(deployOptions({ local: true }), broken)).rejects.toMatchObject({
      code: "LMI_INIT_FAILED",
      why: expect.stringContaining("the last good version goes on answering"),
    });

    const gone = next();
    await runDestroy(
      { ...sharedDefaults({ local: true }), maxWait: "5", keepLogs: false, retain: [] },
      gone,
    );
    expect(gone.results).toMatchObject([{ stackName: "lmi-hello", account: "000000000000" }]);
    const afterwards = next();
    await runDestroy(
      { ...sharedDefaults({ local: true }), maxWait: "5", keepLogs: false, retain: [] },
      afterwards,
    );
    expect(afterwards.results).toMatchObject([{ resources: 0, deletedAt: expect.any(Date) }]);
  },
);
