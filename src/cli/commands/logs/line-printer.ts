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
  return ({ logGroup, logStream, time, message }) => {
    const source = by.get(logGroup);
    return `${JSON.stringify({
      v: formatVersion,
      time: new Date(time).toISOString(),
      type: "log",
      logGroup,
      logStream,
      ...(source === undefined ? {} : { source: source.kind, name: source.name }),
      message,
    })}\n`;
  };
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
