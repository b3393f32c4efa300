import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import type { FunctionWatch } from "../../../local/runtime/function-watch.ts";
import { makeFolder, shared } from "../../../local/make-folder.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { Deps } from "../../deps.ts";
import { pageNotWritable } from "../../page-not-writable.ts";
import type { DevOptions } from "../dev.ts";
import { eventFunction } from "./send-event.ts";

/** The most that a file of recorded events has: more of them make a race slower and find nothing more. */
const mostEvents = 100;
const mostBytes = 1_000_000;

export interface EventRecorder {
  /** Absolute. */
  readonly file: string;
  /** Keeps an event that it does not have yet. */
  readonly began: FunctionWatch["began"];
}

/**
 * Keeps the events that a function gets in a file, an array in JSON that `lmi race --events` reads, after those that are
 * there; each once, for its owner only, as they come, secrets in them included. Nothing where `--record` is not given.
 * Fails with LMI_USAGE or LMI_OUTPUT_NOT_WRITABLE, exit code 2, where the file is something else or cannot be written.
 */
export function eventRecorder(
  options: Pick<DevOptions, "record" | "settings">,
  settings: Settings,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): EventRecorder | undefined {
  if (options.record === undefined) return undefined;
  const file = resolve(system.cwd, options.record);
  const wanted = eventFunction(options, settings);
  const { record: shown } = options;
  const before = eventsIn(file, shown);
  if (!before) write(file, []);
  const known = new Set(before);
  let isFull = false;
  reporter.info(
    `Recording events of ${wanted} in ${shown}, as they come: tokens in them, too.\nThen: lmi race --events ${shown}`,
  );
  return {
    file,
    began: ({ functionName }, payload) => {
      if (isFull || functionName !== wanted) return;
      const event = JSON.stringify(JSON.parse(Buffer.from(payload).toString("utf8")));
      if (known.has(event)) return;
      if (known.size >= mostEvents || textOf([...known, event]).length > mostBytes) {
        isFull = true;
        reporter.info(`${shown} is full: no more events are recorded.`);
        return;
      }
      known.add(event);
      try {
        write(file, [...known]);
      } catch (error) {
        // Nobody's request fails by it.
        isFull = true;
        if (!(error instanceof LmiError)) throw error;
        reporter.failure(error);
      }
    },
  };
}

/** One event a line. */
const textOf = (events: readonly string[]) => `[\n${events.join(",\n")}\n]\n`;

function write(file: string, events: readonly string[]): void {
  try {
    makeFolder(dirname(file), shared);
    // Nobody reads half of it; and what it was, others may have been allowed to read.
    writeFileSync(`${file}.tmp`, textOf(events), { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
  } catch (error) {
    throw pageNotWritable("recording", file, error, "Name another file: --record <file>");
  }
}

/** The events that a file has by now, each as JSON; nothing where there is no file. */
function eventsIn(file: string, shown: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // What stands in the way of a new file is told when that is written.
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
  }
  if (Array.isArray(value)) return value.map((event: unknown) => JSON.stringify(event));
  throw new LmiError("LMI_USAGE", `${shown} is no array of events.`, {
    why: "What is there already is kept, and recorded events come behind it.",
    next: "Name another file: --record events/recorded.json",
    exitCode: ExitCode.usage,
  });
}
