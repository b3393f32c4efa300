import type { TimelineEvent } from "../../../aws/ports.ts";
import { formatVersion } from "../../output/json-reporter.ts";
import { layOut } from "../../output/log-line.ts";
import type { LineLayout, LineOrigin } from "../../output/log-line.ts";
import { readRecord } from "../../output/log-record.ts";
import type { LogRecord } from "../../output/log-record.ts";
import type { LogSource } from "./sources.ts";

/** Text of one line, its end included. */
export type LinePrinter = (event: TimelineEvent, record?: LogRecord) => string;

/** One JSON object a line, with the message as it was written. */
export function jsonPrinter(sources: readonly LogSource[]): LinePrinter {
  const by = byGroup(sources);
  // Many lines in a row come at the same millisecond, or from the same stream.
  let begin = lineBegin(Number.NaN);
  let origin = { logGroup: "", logStream: "", text: "" };
  return ({ logGroup, logStream, time, message }) => {
    if (time !== begin.time) begin = lineBegin(time);
    if (logStream !== origin.logStream || logGroup !== origin.logGroup)
      origin = { logGroup, logStream, text: originText(logGroup, logStream, by.get(logGroup)) };
    return `${begin.text},${origin.text},"message":${JSON.stringify(message)}}\n`;
  };
}

function lineBegin(time: number) {
  if (Number.isNaN(time)) return { time, text: "" };
  return {
    time,
    text: `{"v":${formatVersion},"time":"${new Date(time).toISOString()}","type":"log"`,
  };
}

/** Members of an object, without its braces. */
function originText(logGroup: string, logStream: string, source: LogSource | undefined): string {
  const of = source === undefined ? {} : { source: source.kind, name: source.name };
  return JSON.stringify({ logGroup, logStream, ...of }).slice(1, -1);
}

/** For people. Where there are several functions or providers, each line says whose it is. */
export function textPrinter(sources: readonly LogSource[], layout: LineLayout): LinePrinter {
  const origins = new Map(
    sources.map((source) => [source.logGroup, originOf(source, sources)] as const),
  );
  return ({ logGroup, time, message }, record = readRecord(message)) =>
    `${layOut(record, time, layout, origins.get(logGroup))}\n`;
}

function originOf(source: LogSource, sources: readonly LogSource[]): LineOrigin {
  const alike = sources.filter(({ kind }) => kind === source.kind);
  const width = Math.max(...alike.map(({ name }) => name.length));
  return {
    ...(source.kind === "provider" ? { tag: "provider" } : {}),
    ...(alike.length > 1 ? { name: source.name.padEnd(width) } : {}),
  };
}

function byGroup(sources: readonly LogSource[]): ReadonlyMap<string, LogSource> {
  return new Map(sources.map((source) => [source.logGroup, source]));
}
