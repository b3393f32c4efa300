import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import process from "node:process";

export const repository = resolve(import.meta.dirname, "../..");
const binary = join(repository, "bin", "lmi.js");

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when stderr or stdout has shown the pattern; rejects when the command ends before that. */
  shows(pattern: RegExp): Promise<void>;
  /** What it has written to stderr so far. */
  written(): string;
}

/** A person's machine for one test: empty home, own state folder, no AWS account, the built `lmi`. */
export class Machine {
  readonly home: string;
  private readonly extra: Record<string, string>;

  private constructor(home: string, extra: Record<string, string>) {
    this.home = home;
    this.extra = extra;
  }

  static async create(extra: Record<string, string> = {}): Promise<Machine> {
    return new Machine(await mkdtemp(join(tmpdir(), "lmi-e2e-")), extra);
  }

  get env(): Record<string, string> {
    const requestLog = process.env["LMI_LOCAL_REQUEST_LOG"];
    return {
      ...(requestLog === undefined ? {} : { LMI_LOCAL_REQUEST_LOG: requestLog }),
      PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
      HOME: this.home,
      XDG_STATE_HOME: join(this.home, "state"),
      XDG_CACHE_HOME: join(this.home, "cache"),
      TMPDIR: tmpdir(),
      AWS_EC2_METADATA_DISABLED: "true",
      ...this.extra,
    };
  }

  start(args: readonly string[], options: StartOptions = {}): Running {
    return start(process.execPath, [binary, ...args], {
      ...options,
      cwd: options.cwd ?? this.home,
      env: { ...this.env, ...options.env },
    });
  }

  lmi(args: readonly string[], options: StartOptions = {}): Promise<Finished> {
    return this.start(args, options).finished;
  }

  /** Any other program in the same environment. */
  startProgram(command: string, args: readonly string[], options: StartOptions = {}): Running {
    return start(command, args, {
      ...options,
      cwd: options.cwd ?? this.home,
      env: { ...this.env, ...options.env },
    });
  }

  run(command: string, args: readonly string[], options: StartOptions = {}): Promise<Finished> {
    return this.startProgram(command, args, options).finished;
  }

  async dispose(projects: readonly string[] = [this.home]): Promise<void> {
    await Promise.all(projects.map((cwd) => this.lmi(["local", "reset", "--yes"], { cwd })));
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string | Uint8Array;
}

function start(
  command: string,
  args: readonly string[],
  options: StartOptions & { readonly env: Record<string, string> },
): Running {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
      for (const look of watchers) look();
    });
  }
  if (options.input !== undefined) child.stdin?.end(options.input);
  const finished = new Promise<Finished>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code, signal) => done({ code, signal, ...output }));
  });
  return {
    pid: child.pid ?? -1,
    finished,
    kill: (signal) => child.kill(signal),
    written: () => output.stderr,
    shows: (pattern) => shows(pattern, output, watchers, finished),
  };
}

function shows(
  pattern: RegExp,
  output: { readonly stdout: string; readonly stderr: string },
  watchers: Set<() => void>,
  finished: Promise<Finished>,
): Promise<void> {
  return new Promise((done, fail) => {
    const look = () => {
      if (!pattern.test(output.stdout + output.stderr)) return;
      watchers.delete(look);
      done();
    };
    watchers.add(look);
    look();
    void finished.then(() => {
      look();
      fail(new Error(`ended without showing ${pattern}:\n${output.stderr}${output.stdout}`));
    });
  });
}
