import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { onTestFinished } from "vitest";
import { writeTargetFile } from "../../src/cli/local/target-file.ts";
import { main } from "../../src/cli/main.ts";
import { ownVersion } from "../../src/cli/version.ts";
import { systemClock } from "../../src/local/clock.ts";
import type { TestTarget } from "./local-target.ts";
import { recordingSystem, type RecordingSystem } from "./recording-system.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLine {
  /** Runs `lmi …` in the project's folder on the target, with nobody to ask. */
  readonly lmi: (...words: readonly string[]) => Promise<Outcome>;
  /** The same, for who wants to interrupt it, and every text that it writes as it comes. */
  readonly start: (
    words: readonly string[],
    onText: (text: string, press: Press) => void,
  ) => Promise<Outcome>;
}

type Press = RecordingSystem["press"];

/** Of a wait, a twentieth: AWS's pauses are not the target's. */
const haste = 20;

const sleep = (milliseconds: number, signal?: AbortSignal) =>
  systemClock.sleep(milliseconds > 300_000 ? milliseconds : milliseconds / haste, signal);

/** The whole command line, in this process, on a target in this process. */
export async function commandLineOn(target: TestTarget, cwd: string): Promise<CommandLine> {
  const home = await mkdtemp(join(tmpdir(), "lmi-test-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  writeTargetFile(target.stateDir, {
    endpoint: target.endpoint,
    port: Number(new URL(target.endpoint).port),
    pid: process.pid,
    startedAt: new Date().toISOString(),
    version: ownVersion(),
  });
  setProcessVariables({ CDK_HOME: home });
  const start: CommandLine["start"] = async (words, onText) => {
    const system = recordingSystem({
      cwd,
      home,
      env: { LMI_LOCAL_STATE: target.stateDir },
      now: () => new Date(),
      sleep,
      setEnv: setProcessVariables,
    });
    const { writeStderr } = system;
    const told: typeof writeStderr = (text) => {
      writeStderr(text);
      onText(text, system.press);
    };
    Object.assign(system, { writeStderr: told });
    const code = await main([...words], system);
    return { code, ...system.written };
  };
  return { start, lmi: (...words) => start(words, () => undefined) };
}

/** Lets the toolkit library, which reads nothing else, find the target; put back when the test is over. */
export function setProcessVariables(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    const before = process.env[name]; // eslint-disable-line node/no-process-env
    set(name, value);
    onTestFinished(() => set(name, before));
  }
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]; // eslint-disable-line node/no-process-env
  else process.env[name] = value; // eslint-disable-line node/no-process-env
}
