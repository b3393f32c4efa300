import type { LogEvent } from "../../aws/ports.ts";
import { isRecord } from "../../is-record.ts";
import type { Evidence } from "./evidence.ts";
import { recordIn, startsFirst } from "./failing-streams.ts";
import { ownFrame } from "./own-frame.ts";

const most = 3;
/** Characters of one line; a stack trace or a dump must not bury the rest. */
const longest = 300;

interface Told {
  readonly time: Date;
  readonly text: string;
  /** Errors count before what is only the last thing that was written. */
  readonly rank: "error" | "platform" | "line";
}

/**
 * What a function wrote of errors of its start; where it wrote none, its last lines. Each text once, with how often.
 * What its requests wrote is left out.
 */
export function functionLines(events: readonly LogEvent[]): Evidence[] {
  const parts = startsFirst(events).map((part) => part.flatMap((event) => tell(event) ?? []));
  for (const told of parts) {
    for (const rank of ["error", "platform"] as const) {
      const found = told.filter((each) => each.rank === rank);
      if (found.length > 0) return counted(found).slice(0, most);
    }
  }
  const told = parts.find((part) => part.length > 0) ?? [];
  return counted(told.filter(({ rank }) => rank === "line")).slice(-most);
}

function counted(told: readonly Told[]): Evidence[] {
  const times = new Map<string, number>();
  for (const { text } of told) times.set(text, (times.get(text) ?? 0) + 1);
  return [...times].map(([text, count]) => ({
    source: "function log",
    time: told.find((each) => each.text === text)?.time,
    text: count === 1 ? text : `${text}   (${count} ×)`,
  }));
}

function tell({ time, message }: LogEvent): Told | undefined {
  const text = message.trim();
  const record = recordIn(text);
  if (record === undefined)
    return text === "" ? undefined : { time, text: short(text), rank: "line" };
  if (typeof record["type"] === "string") return platform(time, record);
  const said = isRecord(record["message"]) ? record["message"] : record;
  const error = errorText(said) ?? errorText(record);
  const isError =
    /^(?:ERROR|FATAL|CRITICAL)$/i.test(String(record["level"])) || error !== undefined;
  const words = error ?? (typeof record["message"] === "string" ? record["message"] : text);
  return { time, text: short(words), rank: isError ? "error" : "line" };
}

/** Fields of Lambda's JSON logs: the runtime client's, or those of the managed runtimes' own format. */
function errorText(said: Readonly<Record<string, unknown>>): string | undefined {
  const { errorType, errorMessage, stackTrace, name } = said;
  if (typeof errorMessage !== "string") return undefined;
  const type =
    typeof name === "string" ? name : typeof errorType === "string" ? errorType : "Error";
  const place = Array.isArray(stackTrace) ? ownFrame(stackTrace.map(String)) : undefined;
  return `${type}: ${errorMessage}${place === undefined ? "" : `   at ${place}`}`;
}

/** Records of the platform (Lambda developer guide, telemetry-schema-reference), of which only failures tell. */
function platform(
  time: Date,
  { type, record }: Readonly<Record<string, unknown>>,
): Told | undefined {
  if (!isRecord(record) || type !== "platform.initReport" || record["status"] === "success")
    return undefined;
  const { status, errorType, metrics } = record;
  const took = isRecord(metrics) ? Number(metrics["durationMs"]) : Number.NaN;
  const after = Number.isNaN(took) ? "" : ` after ${(took / 1000).toFixed(1)} s`;
  const what = typeof errorType === "string" ? `: ${errorType}` : "";
  return { time, text: `init ended with ${String(status)}${after}${what}`, rank: "platform" };
}

function short(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, " ");
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
