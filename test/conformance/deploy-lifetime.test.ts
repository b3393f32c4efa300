import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectAws } from "../../src/aws/connect.ts";
import { runDeploy } from "../../src/cli/commands/deploy.ts";
import { runPause } from "../../src/cli/commands/pause.ts";
import { deployOptions } from "../deploy/deploy-fixture.ts";
import { fakeAccount } from "../deploy/fake-aws.ts";
import { projectFolder, recordingDeps, sharedDefaults } from "../deploy/recording-deps.ts";
import { setProcessVariables } from "../helpers/command-line.ts";
import { startTestTarget } from "../helpers/local-target.ts";
import { tickingClock } from "../helpers/ticking-clock.ts";

const hour = 3_600_000;
const local = true;

test(
  "a stack with a time to live says so, is renewed by each deploy, stays paused, and goes",
  { timeout: 60_000 },
  async () => {
    const clock = tickingClock();
    const { endpoint, faults } = await startTestTarget({ clock });
    const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
    const target = { region: "us-east-1", profile: undefined, endpoint, credentials, local };
    const aws = connectAws(target, {});
    const cdkHome = await mkdtemp(join(tmpdir(), "lmi-test-"));
    onTestFinished(() => rm(cdkHome, { recursive: true, force: true }));
    setProcessVariables({ CDK_HOME: cdkHome });
    const cwd = await projectFolder();
    const next = () => {
      const deps = recordingDeps({ account: fakeAccount(), cwd, answer: "yes", local });
      const sleep = (milliseconds: number, signal?: AbortSignal) =>
        milliseconds < 60_000
          ? new Promise<void>((resolve) => void setTimeout(resolve, Math.min(milliseconds, 50)))
          : deps.system.sleep(milliseconds, signal);
      const system = { ...deps.system, sleep, now: () => clock.now(), setEnv: setProcessVariables };
      return { ...deps, system, aws: async () => aws };
    };
    const withTtl = deployOptions({ local, settings: { ttl: "4h" } });
    const expiry = async () => (await aws.stacks.find("lmi-hello"))?.outputs["ExpiresAt"];

    const first = next();
    await runDeploy(withTtl, first);
    expect(first.lines).toContainEqual(
      expect.stringMatching(
        /^info Goes {4}4h after this deploy, on 2026-11-25 at 16:00 UTC \(in 4 h\):/,
      ),
    );
    expect(first.results).toMatchObject([
      { outputs: { ExpiresAt: expect.stringMatching(/^2026-11-25T16:0/) } },
    ]);

    clock.jump(hour);
    await runPause(
      {
        ...sharedDefaults({ local }),
        function: undefined,
        maxWait: "5",
        schedule: undefined,
        timezone: undefined,
      },
      next(),
    );
    await writeFile(join(cwd, "src/handler.ts"), "export const handler = async () => 2;\n");
    const again = next();
    await runDeploy(withTtl, again);
    const said = again.lines.join("\n").replaceAll(/\s+/g, " ");
    expect(said).toContain("It was to go on 2026-11-25 at 16:00 UTC (in ");
    expect(said).toContain("hello is paused, and stays so");
    expect(again.results).toMatchObject([{ changed: true, answers: [] }]);
    expect(await expiry()).toMatch(/^2026-11-25T17:/);

    clock.jump(3 * hour);
    expect(await expiry()).toMatch(/^2026-11-25T17:/);
    await faults.add({
      fault: "failed-resource",
      resourceType: "AWS::EC2::Subnet",
      action: "delete",
      reason: "It has dependencies and cannot be deleted.",
    });
    clock.jump(hour);
    const status = async () => (await aws.stacks.find("lmi-hello"))?.status;
    await expect.poll(status, { timeout: 20_000 }).toBe("DELETE_FAILED");
    faults.clear();
    clock.jump(hour / 2);
    await expect.poll(() => aws.stacks.find("lmi-hello"), { timeout: 20_000 }).toBeUndefined();
  },
);
