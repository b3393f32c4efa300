import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test, vi } from "vitest";

import { runBuilds } from "../../src/cli/run-builds.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { RecordingReporter } from "../helpers/recording-reporter.ts";
import { recordingSystem } from "../helpers/recording-system.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { settingsOf } from "../synth/reference-settings.ts";

const node = JSON.stringify(process.execPath);

/** Shell commands that Node carries out, so that they read the same in every shell. */
function script(code: string): string {
  return `${node} -e ${JSON.stringify(code)}`;
}

async function build(functions: SettingsInput["functions"], signal = new AbortController().signal) {
  const projectDir = await temporaryFolder();
  const reporter = new RecordingReporter();
  const system = recordingSystem({
    env: { ...process.env, MINE: "kept" },
    signalProcess: (pid, sent) => process.kill(pid, sent),
  });
  const error = await runBuilds(
    { settings: settingsOf({ functions }), projectDir },
    { system, reporter },
    signal,
  ).catch((thrown: unknown) => thrown);
  const made = () => readFile(join(projectDir, "made"), "utf8");
  return { error, reporter, written: system.written, made };
}

const append = (text: string) => script(`require('fs').appendFileSync('made', ${text})`);

test("a build runs in the project folder, once for the functions that share it, and knows what it builds for", async () => {
  const command = append(
    "process.env.LMI_RUNTIME + ' ' + process.env.LMI_ARCH + process.env.MINE + ';'",
  );
  const { error, made, reporter } = await build({
    a: { entry: "out", build: command, runtime: "java25" },
    b: { entry: "out", build: command, runtime: "java25" },
    c: { entry: "out", build: command, runtime: "java21" },
    d: {},
  });
  expect(error).toBeUndefined();
  expect(await made()).toBe("java25 x86_64kept;java21 x86_64kept;");
  expect(reporter.said).toEqual([`info Building a, b: ${command}`, `info Building c: ${command}`]);
});

test("what it prints goes to stderr; its failure says which command, and stops the others", async () => {
  const { error, written, made } = await build({
    a: {
      entry: "out",
      build: script("console.log('so far'); console.error('broken'); process.exit(3)"),
    },
    b: { entry: "out", build: append("'b'") },
  });
  expect(error).toMatchObject({
    code: "LMI_BUILD_FAILED",
    exitCode: 1,
    message: "The build of a failed.",
    details: { functions: ["a"], ended: 3 },
  });
  expect(written.stderr).toContain("so far\n");
  expect(written.stderr).toContain("broken\n");
  expect(written.stdout).toBe("");
  await expect(made()).rejects.toThrow("ENOENT");
});

test.skipIf(process.platform === "win32")(
  "an interruption ends it, the tool below the shell included",
  async () => {
    const interrupted = new AbortController();
    // Two commands keep the shell as a parent; the tool tells when it is there.
    const command = `${script("console.log('started'); setInterval(() => {}, 1000)")} && true`;
    const projectDir = await temporaryFolder();
    const base = recordingSystem({
      env: process.env,
      signalProcess: (pid, sent) => process.kill(pid, sent),
    });
    const running = runBuilds(
      { settings: settingsOf({ functions: { a: { entry: "out", build: command } } }), projectDir },
      {
        system: { ...base, writeStderr: () => interrupted.abort(new Error("stop")) },
        reporter: new RecordingReporter(),
      },
      interrupted.signal,
    );
    // It ends only when nothing holds its output any more.
    await expect(running).rejects.toThrow("stop");
  },
);

test("what a build leaves running is not waited for", async () => {
  const code = [
    "const { spawn } = require('child_process')",
    "const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true })",
    "left.unref()",
    "console.log('left ' + left.pid)",
  ].join("; ");
  const { error, written } = await build({ a: { entry: "out", build: script(code) } });
  const pid = Number(/^left (\d+)$/m.exec(written.stderr)?.[1]);
  expect(process.kill(pid, "SIGKILL")).toBe(true);
  expect(error).toBeUndefined();
});

test.skipIf(process.platform === "win32")(
  "a build that does not heed an interruption is ended",
  async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const interrupted = new AbortController();
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    const command = `${script(`${stubborn}; console.log('started')`)} && true`;
    const projectDir = await temporaryFolder();
    const sent: unknown[] = [];
    const base = recordingSystem({
      env: process.env,
      signalProcess: (pid, how) => {
        sent.push(how);
        if (how === "SIGTERM") queueMicrotask(() => vi.advanceTimersByTime(5000));
        return process.kill(pid, how);
      },
    });
    const running = runBuilds(
      { settings: settingsOf({ functions: { a: { entry: "out", build: command } } }), projectDir },
      {
        system: { ...base, writeStderr: () => interrupted.abort(new Error("stop")) },
        reporter: new RecordingReporter(),
      },
      interrupted.signal,
    );
    // With timers that stand still, only the end of the tool closes its output.
    await expect(running).rejects.toThrow("stop");
    expect(sent).toEqual(["SIGTERM", "SIGKILL"]);
  },
);
