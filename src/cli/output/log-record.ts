import { isRecord } from "../../is-record.ts";
import { isPlatformRecord, readPlatformRecord } from "./platform-record.ts";
import { isProviderRecord, readProviderRecord } from "./provider-record.ts";

/** What a log event says, whoever wrote it. */
export interface LogRecord {
  /** Upper case; empty where the line names none. */
  readonly level: string;
  /** Empty where the line belongs to no request. */
  readonly requestId: string;
  readonly message: string;
  /** What else the line carries, in its order. */
  readonly fields: readonly (readonly [name: string, value: unknown])[];
  /** The stack of an error, a line each. */
  readonly stack: readonly string[];
  /** Written by Lambda itself: starts, ends, initialisations. */
  readonly isPlatform: boolean;
  /** Of the line that ends a request: how it went. */
  readonly end?: "success" | "failure" | undefined;
  /** The line with which a runtime tells that the handler failed. */
  readonly isError: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads Lambda's JSON (Lambda developer guide, monitoring-cloudwatchlogs-logformat), its platform records, and the JSON
 * of usual loggers (Powertools, pino, bunyan, winston). Anything else is a line of text.
 */
export function readRecord(text: string): LogRecord {
  const trimmed = text.trimEnd();
  const record = asRecord(trimmed);
  if (record === undefined) return textRecord(trimmed);
  if (isPlatformRecord(record)) return readPlatformRecord(record);
  return isProviderRecord(record) ? readProviderRecord(record) : lineRecord(record);
}

export function asRecord(text: string): Fields | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // A line of the function's own that only begins like JSON.
    return undefined;
  }
}

const textRecord = (message: string): LogRecord => ({
  level: "",
  requestId: "",
  message,
  fields: [],
  stack: [],
  isPlatform: false,
  isError: false,
});

/** Powertools: function_request_id; others as their authors chose. */
export const requestIdFields = [
  "requestId",
  "function_request_id",
  "awsRequestId",
  "AWSRequestId",
] as const;

/** Said elsewhere in the line. */
const told: ReadonlySet<string> = new Set([
  ...requestIdFields,
  "timestamp",
  "time",
  "level",
  "message",
  "msg",
  "errorType",
  "errorMessage",
  "stackTrace",
]);

function lineRecord(record: Fields): LogRecord {
  const written = record["message"] ?? record["msg"];
  // With an error of the handler's, AWS's Node.js client writes an object in place of a message.
  const inner = isRecord(written) && typeof written["errorType"] === "string" ? written : undefined;
  const rest: (readonly [string, unknown])[] = [];
  const error = readFields(record, lambdaError(inner ?? record), rest);
  const [said, fields] = inner === undefined ? saidIn(written) : nothingSaid;
  const { message, stack } = withError(said, error);
  // Member by member: spreading an object takes longer than all of the above.
  return {
    level: levelOf(record),
    requestId: requestIdOf(record),
    message,
    fields: fields.length === 0 ? rest : [...fields, ...rest],
    stack,
    isPlatform: false,
    isError: typeof (inner ?? record)["errorType"] === "string",
  };
}

/**
 * One pass over all fields, as there may be a million lines.
 * @param rest gets those that are said nowhere else
 * @returns the error that is known, or else the first that a logger has written into a field
 */
function readFields(
  record: Fields,
  known: ErrorParts,
  rest: (readonly [string, unknown])[],
): ErrorParts {
  let error = known;
  for (const name in record) {
    const value = record[name];
    if (error === noError && typeof value === "object" && isLoggedError(value))
      error = errorParts(value["name"] ?? value["type"], value["message"], value["stack"]);
    else if (!told.has(name)) rest.push([name, value]);
  }
  return error;
}

/** A runtime puts the error's text into the message, too, and often its stack. */
function withError(said: string, error: ErrorParts): Pick<LogRecord, "message" | "stack"> {
  if (error === noError) return { message: said, stack: error.stack };
  const isRepeated = error.message !== "" && said.includes(error.message);
  if (isRepeated) return { message: said, stack: said.includes("\n    at ") ? [] : error.stack };
  const message = [said, error.text].filter((part) => part !== "").join("  ");
  return { message, stack: error.stack };
}

type Said = readonly [message: string, fields: readonly (readonly [string, unknown])[]];

const nothingSaid: Said = ["", []];

/** An object in place of a message, or JSON in it, is as good as a message and fields. */
function saidIn(written: unknown): Said {
  if (written === undefined || written === null) return nothingSaid;
  const object = typeof written === "string" ? asRecord(written.trimEnd()) : written;
  if (isRecord(object)) return saidByObject(object);
  return typeof written === "string" ? [written.trimEnd(), []] : ["", [["message", written]]];
}

function saidByObject(object: Fields): Said {
  const name = ["message", "msg"].find((each) => typeof object[each] === "string");
  const others = Object.entries(object).filter(([each]) => each !== name);
  return [name === undefined ? "" : String(object[name]).trimEnd(), others];
}

export function requestIdOf(record: Fields): string {
  for (const name of requestIdFields) {
    const id = record[name];
    if (typeof id === "string") return id;
  }
  return "";
}

/** pino and bunyan write numbers. */
const numbered: Readonly<Record<number, string>> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO",
  40: "WARN",
  50: "ERROR",
  60: "FATAL",
};

export function levelOf(record: Fields): string {
  const level = record["level"];
  if (typeof level === "number") return numbered[level] ?? String(level);
  if (typeof level !== "string") return "";
  const upper = level.toUpperCase();
  return upper === "WARNING" ? "WARN" : upper;
}

interface ErrorParts {
  readonly message: string;
  readonly text: string;
  readonly stack: readonly string[];
}

const noError: ErrorParts = { message: "", text: "", stack: [] };

/** Lambda's own three fields. */
function lambdaError({ errorType, errorMessage, stackTrace }: Fields): ErrorParts {
  return typeof errorType === "string" || typeof errorMessage === "string"
    ? errorParts(errorType, errorMessage, stackTrace)
    : noError;
}

/** An error as loggers write it into a field: `error` of Powertools, `err` of pino. */
function isLoggedError(value: unknown): value is Fields {
  return isRecord(value) && typeof value["stack"] === "string";
}

function errorParts(type: unknown, message: unknown, trace: unknown): ErrorParts {
  const said = typeof message === "string" ? message : "";
  const text = [type, said].filter((part) => typeof part === "string" && part !== "").join(": ");
  const lines: unknown[] = Array.isArray(trace)
    ? trace
    : typeof trace === "string"
      ? trace.split("\n")
      : [];
  const stack = lines.map((line) => String(line).trim()).filter((line) => line !== "");
  // It begins with the error itself, in as many lines as its message has.
  const from = stack.findIndex((line) => line.startsWith("at "));
  return { message: said, text, stack: from > 0 ? stack.slice(from) : stack };
}
