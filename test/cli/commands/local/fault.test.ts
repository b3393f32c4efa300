import process from "node:process";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import {
  runFaultAdd,
  runFaultClear,
  runFaultList,
  runFaultRemove,
} from "../../../../src/cli/commands/local/fault.ts";
import { writeTargetFile } from "../../../../src/cli/local/target-file.ts";
import { runForeground } from "../../../../src/cli/local/foreground.ts";
import { ownVersion } from "../../../../src/cli/version.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";

/** A target in this process, and commands that find it as any other. */
async function runningTarget() {
  const target = await startTestTarget();
  const { endpoint, port, stateDir } = target;
  const { pid } = process;
  writeTargetFile(stateDir, { endpoint, port, pid, startedAt: "", version: ownVersion() });
  const system = recordingSystem({ env: { LMI_LOCAL_STATE: stateDir }, signalProcess: () => true });
  const deps = () => ({ system, reporter: new RecordingReporter() });
  return { target, deps };
}

test("what is added strikes, shows its hits, and goes", async () => {
  const { target, deps } = await runningTarget();
  const added = deps();
  await runFaultAdd(
    { ...sharedDefaults(), fault: "throttle", service: "sts", times: "1", after: "1" },
    added,
  );
  expect(added.reporter.results).toEqual([
    {
      id: "f1",
      rule: { fault: "throttle", service: "sts", times: 1, after: 1 },
      seen: 0,
      hits: 0,
      source: "added",
    },
  ]);
  const sts = target.client(STSClient);
  await sts.send(new GetCallerIdentityCommand({}));
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: "Throttling",
  });
  await runFaultAdd(
    { ...sharedDefaults(), fault: "slow", operation: "Get*", delay: "1.5s", every: "2" },
    deps(),
  );
  const listed = deps();
  await runFaultList(sharedDefaults(), listed);
  expect(listed.reporter.rendered).toEqual([
    [
      "f1  throttle  sts   1 ×, after 1              struck 1 of 2",
      "f2  slow      Get*  1500 ms, always, each 2.  not struck yet",
    ].join("\n"),
  ]);
  await runFaultRemove({ ...sharedDefaults(), id: "f1" }, deps());
  for (const id of ["f1", "99", "no/such"]) {
    await expect(runFaultRemove({ ...sharedDefaults(), id }, deps())).rejects.toMatchObject({
      code: "LMI_FAULT_NOT_FOUND",
      exitCode: 2,
    });
  }
  const cleared = deps();
  await runFaultClear(sharedDefaults(), cleared);
  expect(cleared.reporter.results).toEqual([{ removed: 1 }]);
  const empty = deps();
  await runFaultList(sharedDefaults(), empty);
  expect(empty.reporter.results).toEqual([{ faults: [] }]);
  expect(empty.reporter.said).toEqual(["info There are no faults: everything works."]);
});

test.each([
  [{ fault: "throttle", times: "many" }, "LMI_USAGE", "--times many is not a count."],
  [{ fault: "throttle", probability: "50%" }, "LMI_USAGE", "--probability 50% is not a chance."],
  [{ fault: "slow", delay: "5" }, "LMI_USAGE", "--delay 5 is not a time."],
  [{ fault: "slow" }, "LMI_FAULT_INVALID", "This fault makes no sense."],
  [{ fault: "throttle", service: "lambada" }, "LMI_FAULT_INVALID", "This fault makes no sense."],
] as const)("%o is refused", async (flags, code, message) => {
  const { deps, target } = await runningTarget();
  const adding = runFaultAdd({ ...sharedDefaults(), ...flags }, deps());
  await expect(adding).rejects.toMatchObject({ code, message, exitCode: 2 });
  expect(target.faults.list()).toEqual([]);
});

test("a target starts with the rules of its file, comments and all, or says what is wrong with it", async () => {
  const folder = await temporaryFolder({
    "faults.jsonc": '[ // one\n { "fault": "throttle", "service": "sts" } ]',
    "wrong.json": '[{ "fault": "slow" }]',
    "broken.json": "[{",
    "object.json": "{}",
  });
  const start = async (file: string) => {
    const stateDir = await temporaryFolder();
    const env = { LMI_LOCAL_FAULTS: `${folder}/${file}` };
    // As long as it takes to close.
    const system = recordingSystem({ env, sleep: () => new Promise(() => {}) });
    system.press();
    await runForeground({ stateDir, port: 0 }, { system, reporter: new RecordingReporter() });
    return stateDir;
  };
  const stateDir = await start("faults.jsonc");
  // Kept with the state until the next start says otherwise.
  const { faults } = await startTestTarget({
    stateDir,
    faultRules: [{ fault: "throttle", service: "sts" }],
  });
  expect(faults.list()).toMatchObject([{ id: "f1", source: "file" }]);
  await expect(start("wrong.json")).rejects.toMatchObject({
    code: "LMI_FAULT_INVALID",
    message: expect.stringContaining(`${folder}/wrong.json`),
    why: expect.stringContaining("[0]: delayMs (--delay) is missing"),
    next: expect.stringContaining(`Mend ${folder}/wrong.json`),
  });
  await expect(start("broken.json")).rejects.toMatchObject({ code: "LMI_CONFIG_SYNTAX" });
  await expect(start("object.json")).rejects.toMatchObject({ code: "LMI_USAGE", exitCode: 2 });
  await expect(start("none.json")).rejects.toMatchObject({
    code: "LMI_USAGE",
    why: expect.stringContaining("ENOENT"),
  });
});
