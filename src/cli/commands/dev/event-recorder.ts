import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import type { FunctionWatch } from "../../../local/runtime/function-watch.ts";
import { makeFolder, shared } from "../../../local/make-folder.ts";
import { deployedFunctionName } from "../../../synth/names.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { Deps } from "../../deps.ts";
import { pageNotWritable } from "../../page-not-writable.ts";
import { quoted } from "../../../aws/quoted.ts";
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
  reporter.info(
    `Recording events of ${wanted} in ${shown}, as they come: tokens in them, too.\nThen: ${raceCommand(settings, wanted, shown)}`,
  );
  let isOver = false;
  let toldOfSize = false;
  const keep = (event: string) => {
    if (known.size >= mostEvents) {
      isOver = true;
      reporter.info(`${shown} is full: no more events are recorded.`);
    } else if (Buffer.byteLength(textOf([...known, event])) <= mostBytes) {
      known.add(event);
      write(file, [...known]);
    } else if (!toldOfSize) {
      toldOfSize = true;
      reporter.info(
        `An event of ${Math.ceil(Buffer.byteLength(event) / 1000)} kB has no room in ${shown}, which takes 1 MB: events that are too large are left out.`,
      );
    }
  };
  return {
    file,
    began: ({ functionName }, payload) => {
      if (isOver || functionName !== wanted) return;
      const event = oneLine(parsed(Buffer.from(payload).toString("utf8")));
      if (known.has(event)) return;
      try {
        keep(event);
      } catch (error) {
        // Nobody's request fails by it.
        isOver = true;
        if (!(error instanceof LmiError)) throw error;
        reporter.failure(error);
      }
    },
  };
}

/** What reads the file, for the function that is recorded. */
function raceCommand({ functions, environment }: Settings, wanted: string, file: string): string {
  const names = Object.keys(functions);
  const name = names.find((each) => deployedFunctionName(each, environment) === wanted);
  const named = names.length > 1 && name !== undefined ? ` ${quoted(name)}` : "";
  return `lmi race${named} --events ${quoted(file)}`;
}

/** One event a line. */
const textOf = (events: readonly string[]) => `[\n${events.join(",\n")}\n]\n`;

function write(file: string, events: readonly string[]): void {
  try {
    makeFolder(dirname(file), shared);
    // Nobody reads half of it; and what it was, others may have been allowed to read, as what is left of a run that was cut off.
    rmSync(`${file}.tmp`, { force: true });
    writeFileSync(`${file}.tmp`, textOf(events), { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
  } catch (error) {
    throw pageNotWritable("recording", file, error, "Name another file: --record <file>");
  }
}

/** What Node.js has, and TypeScript's libraries do not say yet. */
const sourceJson = JSON as unknown as {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { readonly source: string }) => unknown,
  ): unknown;
  rawJSON(source: string): unknown;
};

/** JSON whose numbers stay as they are written: JavaScript's are others where they have many digits, and 1.0 is 1. */
const parsed = (text: string) =>
  sourceJson.parse(text, (_, value, { source }) =>
    typeof value === "number" ? sourceJson.rawJSON(source) : value,
  );

const oneLine = (event: unknown) => JSON.stringify(event);

/** The events that a file has by now, each as JSON; nothing where there is no file. */
function eventsIn(file: string, shown: string): string[] | undefined {
  let value: unknown;
  try {
    value = parsed(readFileSync(file, "utf8"));
  } catch (error) {
    // What stands in the way of a new file is told when that is written.
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
  }
  if (Array.isArray(value)) return value.map(oneLine);
  throw new LmiError("LMI_USAGE", `${shown} is no array of events.`, {
    why: "What is there already is kept, and recorded events come behind it.",
    next: "Name another file: --record events/recorded.json",
    exitCode: ExitCode.usage,
  });
}
