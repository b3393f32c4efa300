import type { LogEvent } from "../../aws/ports.ts";
import { readRecord } from "./log-record.ts";
import type { LogRecord } from "./log-record.ts";
import { plainPalette } from "./palette.ts";
import type { Palette } from "./palette.ts";

export interface LineLayout {
  readonly palette: Palette;
  /** Marks a request's id, so that its lines are found by eye. */
  readonly request: (shortId: string) => string;
  /** Columns of the terminal: further fields that do not fit go below. undefined: all of a record's fields in one line. */
  readonly columns: number | undefined;
  /** The day, `2026-11-23`, that needs not be said. */
  readonly today: string;
}

export const plainLayout: Omit<LineLayout, "today"> = {
  palette: plainPalette,
  request: (shortId) => shortId,
  columns: undefined,
};

/** A log event as one line for people, e.g. of `invoke --logs`. */
export function logLine(event: LogEvent): string {
  const today = event.time.toISOString().slice(0, 10);
  return layOut(readRecord(event.message), event.time.getTime(), { ...plainLayout, today });
}

/** Who wrote a line, as far as it has to be said. */
export interface LineOrigin {
  /** Stands where the request's id would, in lines that belong to none. */
  readonly tag?: string;
  /** Stands in front of the message. */
  readonly name?: string;
}

/** Beneath a line, what belongs to it. */
const indent = "    ";
const shortIdLength = 8;

/**
 * `12:31:07.123 INFO  3f2a91c4  message  field=value`, times in UTC. The request's first characters tell interleaved
 * requests apart.
 */
export function layOut(
  record: LogRecord,
  time: number,
  layout: LineLayout,
  { tag = "", name }: LineOrigin = {},
): string {
  const { palette } = layout;
  const [first = "", ...more] = printable(record.message).split("\n");
  const clock = timeText(time, layout.today);
  const isOfRequest = record.requestId !== "";
  const short = isOfRequest ? printable(record.requestId.slice(0, shortIdLength)) : tag;
  const id = short.padEnd(shortIdLength);
  const origin = name === undefined ? "" : `${name}  `;
  const said = record.isPlatform ? palette.faint(first) : first;
  const shown = `${palette.faint(clock)} ${levelText(record.level, palette)} ${isOfRequest ? layout.request(id) : id}  ${origin}${said}`;
  const used = clock.length + id.length + origin.length + first.length + 9;
  const [beside, below] = placeFields(record, used, layout);
  const line = beside === "" ? shown.trimEnd() : shown + beside;
  if (more.length === 0 && below.length === 0 && record.stack.length === 0) return line;
  return [
    line,
    ...more.map((each) => (each.startsWith(indent) ? each : indent + each)),
    ...below,
    ...record.stack.map((each) => palette.faint(indent + printable(each))),
  ].join("\n");
}

/** Fields behind the message, or where that would be too wide, in lines below it. */
function placeFields(
  { fields, message }: LogRecord,
  used: number,
  { columns, palette }: LineLayout,
): [beside: string, below: string[]] {
  if (fields.length === 0) return ["", []];
  const texts = fields.map(([name, value]) => `${printable(name)}=${valueText(value)}`);
  const joined = texts.length === 1 ? (texts[0] ?? "") : texts.join(" ");
  if (columns === undefined || used + joined.length + 2 <= columns)
    return [`${message === "" ? "" : "  "}${palette.faint(joined)}`, []];
  const lines: string[] = [];
  let line = "";
  for (const text of texts) {
    if (line !== "" && indent.length + line.length + text.length + 1 > columns) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? text : `${line} ${text}`;
  }
  return ["", [...lines, line].map((each) => palette.faint(indent + each))];
}

function valueText(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return printable(JSON.stringify(value));
  return /^[^\s"=]+$/.test(value) ? printable(value) : JSON.stringify(value);
}

function levelText(level: string, palette: Palette): string {
  const text = level.padEnd(5);
  if (level === "ERROR" || level === "FATAL" || level === "CRITICAL") return palette.bad(text);
  if (level === "WARN") return palette.notable(text);
  return level === "DEBUG" || level === "TRACE" ? palette.faint(text) : text;
}

/** The second that was written last: thousands of lines share one. */
let lastSecond = Number.NaN;
let lastText = "";

function timeText(time: number, today: string): string {
  const second = Math.floor(time / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1000).toISOString();
  }
  const clock = `${lastText.slice(11, 19)}.${String(time - second * 1000).padStart(3, "0")}`;
  return lastText.startsWith(today) ? clock : `${lastText.slice(0, 10)} ${clock}`;
}

// oxlint-disable-next-line no-control-regex -- They are what it looks for.
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const controls = new RegExp(control, "g");

/** What a log holds may come from anybody: it must not move the cursor or rename the window of who reads it. */
function printable(text: string): string {
  if (!control.test(text)) return text;
  return text.replace(controls, (character) =>
    character === "\r" ? "" : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
