import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { onTestFinished } from "vitest";
import type { Deps } from "../../src/cli/deps.ts";
import type { Reporter } from "../../src/cli/output/reporter.ts";
import { SilentPrompter } from "../../src/cli/silent-prompter.ts";
import type { Prompter } from "../../src/cli/prompter.ts";
import type { System } from "../../src/cli/system.ts";
import type { SharedOptions } from "../../src/cli/shared-options.ts";
import type { Aws } from "../../src/aws/ports.ts";
import { type FakeAccount, fakeAws } from "./fake-aws.ts";

export interface RecordedDeps extends Deps {
  /** Everything told, in order: `info …`, `warn …`, `step … ✓`, `ask …`. */
  readonly lines: string[];
  readonly events: { readonly type: string; readonly [field: string]: unknown }[];
  readonly results: unknown[];
  readonly rendered: string[];
  readonly variables: Record<string, string | undefined>;
  interruptBy(signal: "SIGINT" | "SIGTERM"): void;
  /** Lets the time limit of the running command pass. */
  letTimePass(): void;
}

export interface RecordingRequest {
  readonly account: FakeAccount;
  readonly cwd: string;
  /** `yes` and `no` are a person; `nobody` is a script without `--yes`. */
  readonly answer: "yes" | "no" | "nobody";
  readonly local?: boolean;
}

/** The dependencies of a command on an account in memory, writing down what happens. */
export function recordingDeps({
  account,
  cwd,
  answer,
  local = false,
}: RecordingRequest): RecordedDeps {
  const lines: string[] = [];
  const events: RecordedDeps["events"] = [];
  const results: unknown[] = [];
  const rendered: string[] = [];
  const interruption = new AbortController();
  const longSleeps: (() => void)[] = [];
  let interruptedBy: System["interruptedBy"];
  const system = {
    env: {},
    cwd,
    home: cwd,
    program: { node: "/no/such/node", version: "24.0.0", pid: process.pid },
    // Whatever else is in the temporary folder is somebody's.
    signalProcess: () => true,
    stderrIsTerminal: true,
    now: () => new Date(Date.UTC(2026, 0, 1)),
    setEnv: (values: Readonly<Record<string, string | undefined>>) =>
      void Object.assign(variables, values),
    sleep: (milliseconds: number, signal?: AbortSignal) =>
      milliseconds < 60_000 ? Promise.resolve() : untilReleased(longSleeps, signal),
    interrupt: interruption.signal,
    get interruptedBy() {
      return interruptedBy;
    },
  } as Partial<System> as System;
  const variables: Record<string, string | undefined> = {};
  const aws = withTarget(fakeAws(account), local);
  return {
    system,
    reporter: recordingReporter({ lines, events, results, rendered }),
    prompter: promptedBy(answer, lines),
    aws: async () => aws,
    lines,
    events,
    results,
    rendered,
    variables,
    interruptBy: (signal) => {
      interruptedBy = signal;
      interruption.abort(signal);
    },
    letTimePass: () => longSleeps.forEach((release) => release()),
  };
}

function withTarget(aws: Aws, local: boolean): Aws {
  if (!local) return aws;
  const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
  return { ...aws, target: { ...aws.target, endpoint: "http://127.0.0.1:1", credentials, local } };
}

function untilReleased(releases: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    releases.push(resolve);
    signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
}

function promptedBy(answer: RecordingRequest["answer"], lines: string[]): Prompter {
  const silent = new SilentPrompter({ yes: false });
  if (answer === "nobody") return silent;
  return {
    text: (question) => silent.text(question),
    number: (question) => silent.number(question),
    select: (question) => silent.select(question),
    confirm: async ({ message }) => {
      lines.push(`ask ${message}`);
      return answer === "yes";
    },
  };
}

type Recordings = Pick<RecordedDeps, "lines" | "events" | "results" | "rendered">;

function recordingReporter({ lines, events, results, rendered }: Recordings): Reporter {
  return {
    info: (message) => void lines.push(`info ${message}`),
    warn: (message) => void lines.push(`warn ${message}`),
    detail: () => undefined,
    step: async (label, work) => {
      const value = await work({ progress: () => undefined, endedAt: () => undefined });
      lines.push(`step ${label}`);
      return value;
    },
    standing: (text) => void (text === undefined || lines.push(`standing ${text}`)),
    event: (type, data) => void events.push({ type, ...data }),
    raw: () => undefined,
    result: (data, render) => {
      results.push(data);
      rendered.push(render(data));
    },
    failure: () => undefined,
  };
}

export function sharedDefaults(change: Partial<SharedOptions> = {}): SharedOptions {
  return {
    config: undefined,
    env: undefined,
    region: undefined,
    profile: undefined,
    local: false,
    json: false,
    yes: false,
    input: true,
    quiet: false,
    verbose: false,
    ...change,
  };
}

/** A folder with lmi.json and a handler, removed when the test is over. */
export async function projectFolder(
  settings: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lmi-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "src"));
  await writeFile(
    join(folder, "src", "handler.ts"),
    "export const handler = async (event: unknown) => event;\n",
  );
  const functions = { hello: { entry: "src/handler.ts" } };
  await writeFile(
    join(folder, "lmi.json"),
    JSON.stringify({ name: "hello", functions, ...settings }),
  );
  return folder;
}
