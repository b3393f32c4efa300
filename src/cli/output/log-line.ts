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
const unindented = /\n(?! {4})/g;
const shortIdLength = 8;

/**
 * `12:31:07.123 INFO  3f2a91c4  message  field=value`, times in UTC. The request's first characters tell interleaved
 * requests apart.
 */
export function layOut(
  record: LogRecord,
  time: number,
  layout: LineLayout,
  origin: LineOrigin = {},
): string {
  const message = printable(record.message);
  const end = message.indexOf("\n");
  const more = end === -1 ? "" : message.slice(end);
  const head = headline(record, end === -1 ? message : message.slice(0, end), time, layout, origin);
  const fields = fieldsText(record);
  const gap = record.message === "" ? "" : "  ";
  const isBeside =
    head.width + gap.length + fields.length <= (layout.columns ?? Number.POSITIVE_INFINITY);
  const line =
    fields !== "" && isBeside
      ? head.text + gap + layout.palette.faint(fields)
      : head.text.trimEnd();
  const below = isBeside ? [] : fieldLines(record, layout);
  if (more === "" && below.length === 0 && record.stack.length === 0) return line;
  const stack = record.stack.map((each) => layout.palette.faint(indent + printable(each)));
  return [line + more.replace(unindented, `\n${indent}`), ...below, ...stack].join("\n");
}

/** @returns the line without its fields, and the columns that it takes */
function headline(
  record: LogRecord,
  message: string,
  time: number,
  { palette, request, today }: LineLayout,
  origin: LineOrigin,
): { readonly text: string; readonly width: number } {
  const clock = timeText(time, today);
  const id = idText(record, origin);
  const name = origin.name === undefined ? "" : `${origin.name}  `;
  const marked = record.requestId === "" ? id : request(id);
  const said = record.isPlatform ? palette.faint(message) : message;
  return {
    text: `${palette.faint(clock)} ${levelText(record.level, palette)} ${marked}  ${name}${said}`,
    width: clock.length + id.length + name.length + message.length + 9,
  };
}

function idText({ requestId }: LogRecord, { tag = "" }: LineOrigin): string {
  const short = requestId === "" ? tag : printable(requestId.slice(0, shortIdLength));
  return short.padEnd(shortIdLength);
}

/** All fields in one line. */
function fieldsText({ fields }: LogRecord): string {
  let text = "";
  for (const field of fields) text += text === "" ? fieldText(field) : ` ${fieldText(field)}`;
  return text;
}

/** Fields that do not fit behind the message, in lines below it. */
function fieldLines(
  { fields }: LogRecord,
  { columns = Number.POSITIVE_INFINITY, palette }: LineLayout,
): string[] {
  if (fields.length === 0) return [];
  const lines: string[] = [];
  let line = "";
  for (const text of fields.map(fieldText)) {
    if (line !== "" && indent.length + line.length + text.length + 1 > columns) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? text : `${line} ${text}`;
  }
  return [...lines, line].map((each) => palette.faint(indent + each));
}

const fieldText = ([name, value]: readonly [string, unknown]) =>
  `${printable(name)}=${valueText(value)}`;

function valueText(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return printable(JSON.stringify(value));
  return printable(/^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));
}

function levelText(level: string, palette: Palette): string {
  const text = level.padEnd(5);
  if (level === "ERROR" || level === "FATAL" || level === "CRITICAL") return palette.bad(text);
  if (level === "WARN") return palette.notable(text);
  return level === "DEBUG" || level === "TRACE" ? palette.faint(text) : text;
}

/** The second that was written last, as far as its point: thousands of lines share one. */
const last = { second: Number.NaN, today: "", clock: "" };

function timeText(time: number, today: string): string {
  const second = Math.floor(time / 1000);
  if (second !== last.second || today !== last.today) {
    const date = new Date(second * 1000).toISOString();
    last.second = second;
    last.today = today;
    last.clock = date.startsWith(today) ? date.slice(11, 20) : date.slice(0, 20).replace("T", " ");
  }
  const millisecond = Math.floor(time - second * 1000);
  const zeros = millisecond < 10 ? "00" : millisecond < 100 ? "0" : "";
  return `${last.clock}${zeros}${millisecond}`;
}

// oxlint-disable-next-line no-control-regex -- They are what it looks for.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * What a log holds may come from anybody: it must not move the cursor, rename the window of who reads it or, by marks
 * for scripts of the other direction, show words in another order.
 */
function printable(text: string): string {
  if (!hasControls(text)) return text;
  return text.replace(controls, (character) => {
    if (character === "\r") return "";
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
  });
}

/** Most texts are short, and looking at them takes less than to start a regular expression. */
function hasControls(text: string): boolean {
  for (let index = 0; index < text.length; index += 1)
    if (isControl(text.charCodeAt(index))) return true;
  return false;
}

function isControl(code: number): boolean {
  if (code < 0x20) return code !== 0x09 && code !== 0x0a;
  if (code < 0x202a) return code >= 0x7f && code <= 0x9f;
  return code <= 0x202e || (code >= 0x2066 && code <= 0x2069);
}
