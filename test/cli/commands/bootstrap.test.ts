import { describe, expect, test } from "vitest";
import { runBootstrap } from "../../../src/cli/commands/bootstrap.ts";
import { fakeAccount } from "../../deploy/fake-aws.ts";
import {
  projectFolder,
  recordingDeps,
  type RecordingRequest,
  sharedDefaults,
} from "../../deploy/recording-deps.ts";

async function start(answer: RecordingRequest["answer"]) {
  return recordingDeps({ account: fakeAccount(), cwd: await projectFolder(), answer });
}

/** An account and region that is, or is not yet, bootstrapped. */
function region(version: number | undefined) {
  const state = { version, bootstrapped: 0 };
  return {
    state,
    bootstrapVersion: async () => state.version,
    bootstrap: async () => {
      state.bootstrapped += 1;
      const changed = state.version === undefined;
      state.version = 32;
      return changed;
    },
  };
}

describe("bootstrap", () => {
  test("says what it makes, asks, makes it, tells the version", async () => {
    const deps = await start("yes");
    const tools = region(undefined);
    await runBootstrap(sharedDefaults(), deps, tools);
    expect(deps.lines).toEqual([
      expect.stringContaining("stack CDKToolkit"),
      expect.stringContaining("an S3 bucket"),
      "ask Bootstrap account 123456789012, region eu-west-1?",
      "step bootstrap",
    ]);
    expect(deps.results).toEqual([
      {
        account: "123456789012",
        region: "eu-west-1",
        stackName: "CDKToolkit",
        version: 32,
        changed: true,
      },
    ]);
  });

  test("a region that is bootstrapped stays so", async () => {
    const deps = await start("yes");
    await runBootstrap(sharedDefaults(), deps, region(32));
    expect(deps.results).toMatchObject([{ changed: false, version: 32 }]);
  });

  test.each([
    ["no", "LMI_DECLINED"],
    ["nobody", "LMI_APPROVAL_NEEDED"],
  ] as const)("an approval that comes from %s makes nothing", async (answer, code) => {
    const tools = region(undefined);
    await expect(runBootstrap(sharedDefaults(), await start(answer), tools)).rejects.toMatchObject({
      code,
      exitCode: 4,
    });
    expect(tools.state.bootstrapped).toBe(0);
  });
});
