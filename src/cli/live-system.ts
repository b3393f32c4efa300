import { writeSync } from "node:fs";
import { homedir } from "node:os";
import process from "node:process";
import { isatty } from "node:tty";

import { systemClock } from "../local/clock.ts";
import { guardUserCode } from "./guard-user-code.ts";
import type { ScreenStreams } from "./output/screen.ts";
import type { System } from "./system.ts";

/** Taken before anybody can replace it. */
const exit = process.exit.bind(process);

/** The process as lmi sees it. Nothing else under src/cli reads `process`. */
export function liveSystem(): System {
  const signals = watchSignals();
  const writeStdout = stdoutWriter();
  return {
    env: process.env,
    setEnv: (values) => {
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    },
    cwd: process.cwd(),
    home: homedir(),
    program: { node: process.execPath, version: process.versions.node, pid: process.pid },
    // isatty, because process.stdin and its siblings are made when they are first looked at.
    stdinIsTerminal: isatty(0),
    stdoutIsTerminal: isatty(1),
    stderrIsTerminal: isatty(2),
    get columns() {
      return process.stderr.columns || 80;
    },
    now: () => systemClock.now(),
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
    readStdin,
    writeStdout,
    stdoutDrained,
    writeStderr: (text) => void process.stderr.write(text),
    get interrupt() {
      return signals.watched();
    },
    get interruptedBy() {
      return signals.caught();
    },
    runUserCode: async (name, work) => {
      divertStdout();
      const rearm = signals.disarm();
      try {
        return await guardUserCode(process, name, work);
      } finally {
        rearm();
      }
    },
    keepFilesPrivate: () => void process.umask(0o077),
    signalProcess,
  };
}

/** Where prompts read and write: questions are for eyes, so they go to stderr. */
export function promptStreams(): { input: NodeJS.ReadableStream; output: NodeJS.WritableStream } {
  return { input: process.stdin, output: process.stderr };
}

/** The terminal that `status --watch` draws on; only for who has asked whether stdout is one. */
export function screenStreams(): ScreenStreams {
  return {
    input: process.stdin,
    output: process.stdout,
    atExit: (work) => {
      process.on("exit", work);
      return () => void process.off("exit", work);
    },
    writeNow: (text) => void writeSync(1, text),
    interrupt: () => void process.kill(process.pid, "SIGINT"),
    end: () => void endWhenWritten(0),
    suspend: (resumed) => {
      process.once("SIGCONT", resumed);
      process.kill(process.pid, "SIGTSTP");
    },
  };
}

/** Ends the process with its output written, although a connection may still be open. */
function endProcess(code: number): never {
  return exit(code);
}

/** Ends the process whatever still runs in it, once everything that was said is written. */
export async function endWhenWritten(code: number): Promise<never> {
  await Promise.all([
    new Promise<void>((done) => writeOut("", () => done())),
    new Promise<void>((done) => void process.stderr.write("", () => done())),
  ]);
  return endProcess(code);
}

function watchSignals() {
  const controller = new AbortController();
  let someoneWatches = false;
  let caught: "SIGINT" | "SIGTERM" | undefined;
  const onSignal = (signal: "SIGINT" | "SIGTERM") => {
    if (!someoneWatches || caught) endProcess(signal === "SIGINT" ? 130 : 143);
    caught = signal;
    controller.abort(signal);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    watched: () => {
      someoneWatches = true;
      return controller.signal;
    },
    /** Signals end the process as if nobody listened, even one that is held by a loop, until `rearm` is called. */
    disarm: () => {
      if (someoneWatches) return () => {};
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
      return () => {
        process.on("SIGINT", onSignal);
        process.on("SIGTERM", onSignal);
      };
    },
    caught: () => caught,
  };
}

/** stdout's own way of writing, once everybody else's lines go to stderr. */
let undiverted: typeof process.stdout.write | undefined;

/** Who gets what would be written to the terminal. */
let tapped: ((text: string) => void) | undefined;

function writeOut(bytes: Uint8Array | string, done?: () => void): void {
  if (tapped === undefined) return writeToStdout(bytes, done);
  tapped(textOf(bytes));
  done?.();
}

function writeToStdout(bytes: Uint8Array | string, done?: () => void): void {
  (undiverted ?? process.stdout.write.bind(process.stdout))(bytes, done);
}

const textOf = (bytes: Uint8Array | string) =>
  typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);

export interface TerminalTap {
  /** From now on others' output goes here. */
  readonly to: (sink: (text: string) => void) => void;
  /** Past everybody else, to the terminal itself. */
  readonly write: (text: string) => void;
  /** Everything is as before. */
  readonly end: () => void;
}

/** Takes all that goes to a terminal, from whomever, on stdout and stderr; only for who has asked whether both are one. */
export function tapTerminal(): TerminalTap {
  const { stderr } = process;
  return {
    to: (sink) => {
      tapped = sink;
      Object.defineProperty(stderr, "write", {
        configurable: true,
        value: (bytes: Uint8Array | string, ...rest: unknown[]) => {
          sink(textOf(bytes));
          const done = rest.at(-1);
          if (typeof done === "function") done();
          return true;
        },
      });
    },
    write: (text) => writeToStdout(text),
    end: () => {
      tapped = undefined;
      // What is its own then hides no longer what all streams have.
      Reflect.deleteProperty(stderr, "write");
    },
  };
}

/** stdout is for the answer: what others print there goes to stderr from now on, also what they print later. */
function divertStdout(): void {
  if (undiverted) return;
  undiverted = process.stdout.write.bind(process.stdout);
  // Looked up each time: who takes the terminal later, takes that, too.
  process.stdout.write = ((...given: Parameters<typeof process.stderr.write>) =>
    process.stderr.write(...given)) as typeof process.stdout.write;
}

function stdoutWriter(): (bytes: Uint8Array | string) => void {
  let isWatched = false;
  return (bytes) => {
    if (!isWatched) process.stdout.on("error", endWithoutReader);
    isWatched = true;
    writeOut(bytes);
  };
}

function stdoutDrained(signal?: AbortSignal): Promise<void> {
  if (!process.stdout.writableNeedDrain || signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      process.stdout.off("drain", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    process.stdout.once("drain", done);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/** `lmi logs | head`: the reader has seen enough, which is no failure. */
function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") endProcess(0);
  throw error;
}

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function signalProcess(pid: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // ESRCH: gone; EPERM: a process of somebody else that got the number since.
    return false;
  }
}
