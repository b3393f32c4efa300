import { PlatformErrorType } from "../../../local/runtime/error-types.ts";
import type { FunctionWatch, LineSource } from "../../../local/runtime/function-watch.ts";
import { functionLogGroup } from "../../../synth/names.ts";
import type { Deps } from "../../deps.ts";
import type { LineLayout } from "../../output/log-line.ts";
import { readRecord } from "../../output/log-record.ts";
import { textPrinter } from "../logs/line-printer.ts";
import { Activity, type ActivityReading } from "./activity.ts";

/** What functions do, shown as they do it. */
export interface DevView extends FunctionWatch {
  /** Which functions there are from now on, by their names at AWS. */
  readonly shows: (functionNames: readonly string[]) => void;
  /** All of it ends now: what was under way is cut off, which is no error of the function's. */
  readonly ending: () => void;
  /** New code answers. */
  readonly reloaded: () => void;
  readonly read: () => ActivityReading;
}

/** Told of changes in what `read` gives. */
export type OnActivity = () => void;

interface ViewOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Of lines for people. */
  readonly layout: LineLayout;
  /** Told of each event. */
  readonly recorder?: Pick<FunctionWatch, "began"> | undefined;
  readonly onActivity: OnActivity;
}

export function devView(options: ViewOptions, { reporter }: Pick<Deps, "reporter">): DevView {
  const { onActivity, recorder } = options;
  const activity = new Activity();
  const lines = options.json ? jsonLines(reporter) : textLines(options, reporter);
  let isEnding = false;
  return {
    ...lines,
    line: (source, message) => {
      if (!(isEnding && platform.test(message))) lines.line(source, message);
    },
    ending: () => {
      isEnding = true;
    },
    began: (request, payload) => {
      recorder?.began(request, payload);
      activity.began(request, performance.now());
      onActivity();
    },
    ended: (request, end) => {
      if (isEnding && end.errorType === PlatformErrorType.exited) return;
      activity.ended(request, end);
      const { functionName, requestId } = request;
      const { inFlight } = activity.read(performance.now());
      reporter.event("request", {
        name: functionName,
        requestId,
        status: end.errorType === undefined ? "success" : "error",
        ...(end.errorType === undefined ? {} : { errorType: end.errorType }),
        durationMs: Math.round(end.durationMs * 1000) / 1000,
        inFlight,
      });
      onActivity();
    },
    refused: (functionName) => {
      activity.refused();
      reporter.event("throttled", { name: functionName });
      onActivity();
    },
    reloaded: () => {
      activity.reset();
      onActivity();
    },
    read: () => activity.read(performance.now()),
  };
}

type Lines = Pick<DevView, "line" | "shows">;

function jsonLines(reporter: Deps["reporter"]): Lines {
  return {
    shows: () => undefined,
    line: ({ functionName, logGroup, logStream }, message) =>
      reporter.event("log", {
        logGroup,
        logStream,
        source: "function",
        name: functionName,
        message,
      }),
  };
}

/** Said by the end of the request, or by lmi itself. */
const noise = /^\{"time":"[^"]*","type":"platform\.(?:start|initStart|initRuntimeDone)"/;
const platform = /^\{"time":"[^"]*","type":"platform\./;

/** Where the target unpacks code: in a stack, what follows is a file of the project's. */
const unpacked = /(?:file:\/\/)?[^\s"'()]*[\\/]lambda[\\/]+code[\\/]+[0-9a-f]{32}[\\/]+/g;

function textLines({ layout, quiet }: ViewOptions, reporter: Deps["reporter"]): Lines {
  let print = textPrinter([], layout);
  let waiting = "";
  // Thousands of lines a second come in few writes so.
  const flush = () => {
    const text = waiting;
    waiting = "";
    reporter.raw(text);
  };
  return {
    shows: (names) => {
      const sources = names.map((name) => ({
        kind: "function" as const,
        name,
        logGroup: functionLogGroup(name),
      }));
      print = textPrinter(sources, layout);
    },
    line: ({ functionName, logStream }: LineSource, written) => {
      if (noise.test(written) || (quiet && platform.test(written))) return;
      const message = written.replaceAll(unpacked, "");
      if (waiting === "") setImmediate(flush);
      // Where a function logs is its own affair; whose lines they are is known here.
      const logGroup = functionLogGroup(functionName);
      waiting += print({ logGroup, logStream, time: Date.now(), message }, readRecord(message));
    },
  };
}
