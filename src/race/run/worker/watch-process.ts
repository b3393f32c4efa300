import fs from "node:fs";
import process from "node:process";
import { callPlace, placeInStack } from "./call-place.ts";
import type { RawPlace } from "./records.ts";
import { currentRequest } from "./request.ts";
import { shown } from "./shown.ts";
import { tell } from "./tell.ts";

/** Variables and working directory are the whole environment's; who changes them during a request is told of. */
export function watchProcess(taskRoot: string, running: () => readonly number[]): void {
  watchVariables(taskRoot);
  watchDirectory(taskRoot);
  watchEnds(taskRoot, running);
}

function watchVariables(taskRoot: string): void {
  const changed = (name: string | symbol, value: unknown) => {
    const request = currentRequest.getStore();
    if (!request || typeof name === "symbol") return;
    tell({
      type: "environment-change",
      request: request.number,
      name,
      value: value === undefined ? undefined : shown(value),
      place: callPlace(taskRoot),
    });
  };
  // oxlint-disable-next-line node/no-process-env -- this is what is watched
  const variables = process.env;
  process.env = new Proxy(variables, {
    set: (target, name, value) => {
      changed(name, value);
      return Reflect.set(target, name, value);
    },
    deleteProperty: (target, name) => {
      changed(name, undefined);
      return Reflect.deleteProperty(target, name);
    },
    // A proxy may define only what its target has in the same way, and variables are always writable.
    defineProperty: (target, name, description) => {
      changed(name, description.value);
      return Reflect.set(target, name, description.value);
    },
  });
}

function watchDirectory(taskRoot: string): void {
  const chdir = process.chdir.bind(process);
  process.chdir = (path) => {
    const request = currentRequest.getStore();
    if (request)
      tell({ type: "directory-change", request: request.number, path, place: callPlace(taskRoot) });
    // A worker thread has no working directory of its own: Node refuses, as it does on AWS.
    chdir(path);
  };
}

/** The worker ends after an unhandled rejection or process.exit(), as on AWS, and everything that runs in it: what ran is told before that. */
function watchEnds(taskRoot: string, running: () => readonly number[]): void {
  let isTold = false;
  let place: RawPlace | undefined;
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    place = callPlace(taskRoot);
    return exit(code);
  };
  process.on("exit", (exitCode) => {
    if (!isTold) tell({ type: "exit", exitCode, place, running: running() });
  });
  process.on("uncaughtExceptionMonitor", (error: unknown) => {
    isTold = true;
    const stack = error instanceof Error ? error.stack : undefined;
    tell({
      type: "rejection",
      request: currentRequest.getStore()?.number,
      message: error instanceof Error ? `${error.name}: ${error.message}` : shown(error),
      place: placeInStack(stack, taskRoot),
      running: running(),
    });
  });
}

/** What a request prints, in whichever way: the runtime's console, process.stdout, the descriptor. */
export function watchOutput(taskRoot: string): void {
  const note = (text: unknown) => {
    const request = currentRequest.getStore();
    if (!request || (typeof text !== "string" && !(text instanceof Uint8Array))) return;
    tell({
      type: "output",
      request: request.number,
      text: shown(typeof text === "string" ? text : Buffer.from(text).toString()),
      place: callPlace(taskRoot),
    });
  };
  const { writeSync } = fs;
  Object.assign(fs, {
    writeSync: (descriptor: number, data: unknown, ...rest: unknown[]) => {
      if (descriptor === 1 || descriptor === 2) note(data);
      return Reflect.apply(writeSync, fs, [descriptor, data, ...rest]) as number;
    },
  });
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (...args: unknown[]) => {
      note(args[0]);
      return write(...args);
    };
  }
}
