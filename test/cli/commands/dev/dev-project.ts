import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

import { connectAws } from "../../../../src/aws/connect.ts";
import type { Aws } from "../../../../src/aws/ports.ts";
import { type DevOptions, runDev } from "../../../../src/cli/commands/dev.ts";
import { systemClock } from "../../../../src/local/clock.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { recordingSystem, type RecordingSystem } from "../../../helpers/recording-system.ts";

/** Until something is so, with `lmi dev` at work in this process. */
export const until = <T>(what: () => Promise<T> | T) =>
  vi.waitFor(what, { timeout: 20_000, interval: 20 });

/** A project folder, and `lmi dev` in it as often as a test wants. */
export class DevProject {
  readonly folder: string;
  readonly stateDir: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.stateDir = join(`${folder}-aside`, "state");
  }

  static async create(files: Readonly<Record<string, string>>): Promise<DevProject> {
    const folder = await mkdtemp(join(tmpdir(), "lmi-dev-test-"));
    const project = new DevProject(folder);
    onTestFinished(async () => {
      for (const each of [folder, project.aside])
        await rm(each, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    });
    await mkdir(join(folder, "src"));
    await mkdir(project.aside);
    for (const [name, text] of Object.entries(files)) await project.write(name, text);
    return project;
  }

  /** A folder beside it: what is written there is no save. */
  get aside(): string {
    return `${this.folder}-aside`;
  }

  /** All at once, as most editors save: on a busy machine a file could be read while it is still empty. */
  async write(name: string, text: string): Promise<void> {
    const saving = join(this.aside, "saving");
    await writeFile(saving, text);
    await rename(saving, join(this.folder, name));
  }

  writeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    return this.write("lmi.json", JSON.stringify({ name: "hello", ...settings }));
  }

  /** Runs it; it ends with the test at the latest. */
  start(options: Partial<DevOptions> = {}): DevRun {
    const system = recordingSystem({
      cwd: this.folder,
      home: this.folder,
      env: { LMI_LOCAL_STATE: this.stateDir },
      sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
      now: () => new Date(),
    });
    const reporter = new RecordingReporter();
    const all: DevOptions = {
      ...sharedDefaults(),
      settings: {},
      event: undefined,
      record: undefined,
      inspect: undefined,
      port: 0,
      color: false,
      ...options,
    };
    const ended = runDev(all, { system, reporter });
    ended.catch(() => undefined);
    const run = new DevRun(system, reporter, ended);
    onTestFinished(() => run.end());
    return run;
  }
}

export class DevRun {
  readonly system: RecordingSystem;
  readonly reporter: RecordingReporter;
  readonly ended: Promise<void>;

  constructor(system: RecordingSystem, reporter: RecordingReporter, ended: Promise<void>) {
    this.system = system;
    this.reporter = reporter;
    this.ended = ended;
  }

  /** What it has told of a type so far. */
  told(type: string): RecordingReporter["events"] {
    return this.reporter.events.filter((event) => event.type === type);
  }

  /** Its endpoint, once functions answer. */
  async ready(): Promise<string> {
    const failed = this.ended.then(() => {
      throw new Error("lmi dev has ended");
    });
    failed.catch(() => undefined);
    return Promise.race([
      failed,
      until(() => {
        const [ready] = this.told("ready");
        if (!ready) throw new Error("not ready");
        return String(ready["endpoint"]);
      }),
    ]);
  }

  /** Where a debugger comes in to the first function. */
  debugPort(): number {
    const [ready] = this.told("ready");
    const [first] = (ready?.["functions"] ?? []) as readonly { readonly debugPort: number }[];
    return first?.debugPort ?? 0;
  }

  async aws(): Promise<Aws> {
    const endpoint = await this.ready();
    const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
    return connectAws(
      { region: "us-east-1", profile: undefined, endpoint, credentials, local: true },
      {},
    );
  }

  async invoke(payload: unknown = {}, functionName = "hello"): Promise<unknown> {
    const aws = await this.aws();
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    const answer = await aws.functions.invoke({ functionName, payload: bytes });
    return JSON.parse(new TextDecoder().decode(answer.payload));
  }

  async end(signal: "SIGINT" | "SIGTERM" = "SIGINT"): Promise<void> {
    if (!this.system.interrupt.aborted) this.system.press(signal);
    await this.ended.catch(() => undefined);
  }
}
