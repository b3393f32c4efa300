import { ExitCode, LmiError } from "../../../errors.ts";
import { failedStatus, isPlatformRecord } from "../../output/platform-record.ts";
import { asRecord, levelOf, requestIdFields, requestIdOf } from "../../output/log-record.ts";
import { isRecord } from "../../../is-record.ts";

export interface LineFilterOptions {
  readonly filter: string | undefined;
  readonly level: string | undefined;
  readonly requestId: string | undefined;
}

/** Which lines are wanted: as far as CloudWatch can decide it, and what is left to be looked at here. */
export interface LineFilter {
  /** CloudWatch Logs filter pattern; undefined: all lines. */
  readonly pattern: string | undefined;
  /** undefined: the pattern says it all. */
  readonly wants: ((message: string) => boolean) | undefined;
}

const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;
type Level = (typeof levels)[number];

/** Conditions on JSON become one pattern with that of `--filter`; one of words cannot be joined with them. */
export function lineFilter({ filter, level, requestId }: LineFilterOptions): LineFilter {
  const least = level === undefined ? undefined : readLevel(level);
  const id = requestId === undefined ? undefined : readRequestId(requestId);
  const conditions = [
    ...(least === undefined || least === "TRACE" ? [] : [levelPattern(least)]),
    ...(id === undefined ? [] : [requestPattern(id)]),
  ];
  if (conditions.length === 0) return { pattern: filter, wants: undefined };
  const json = filter === undefined ? [] : jsonCondition(filter);
  if (json !== undefined) return { pattern: joined([...json, ...conditions]), wants: undefined };
  return {
    pattern: filter,
    wants: (message) =>
      (least === undefined || reachesLevel(message, least)) &&
      (id === undefined || isOfRequest(message, id)),
  };
}

/** Whether a line reaches a level, as the pattern of `--level` decides. */
export function levelTest(level: string): (message: string) => boolean {
  const least = readLevel(level);
  return (message) => reachesLevel(message, least);
}

function joined(conditions: readonly string[]): string {
  const [only, second] = conditions;
  return `{ ${second === undefined ? only : conditions.map((each) => `(${each})`).join(" && ")} }`;
}

/** What stands in the braces of a JSON pattern; undefined: it is another kind of pattern. */
function jsonCondition(filter: string): string[] | undefined {
  const [, inner] = /^\s*\{(.*)\}\s*$/s.exec(filter) ?? [];
  return inner === undefined ? undefined : [inner.trim()];
}

function readLevel(text: string): Level {
  const upper = text.toUpperCase() === "WARNING" ? "WARN" : text.toUpperCase();
  const level = levels.find((each) => each === upper);
  if (level !== undefined) return level;
  throw new LmiError("LMI_USAGE", `--level ${text} is no level.`, {
    why: `The levels are ${levels.join(", ").toLowerCase()}.`,
    exitCode: ExitCode.usage,
  });
}

/** The whole id, or its beginning as `lmi logs` shows it. */
function readRequestId(text: string): string {
  if (/^[\w-]{4,64}$/.test(text)) return text;
  throw new LmiError("LMI_USAGE", `--request-id ${text} is no request id.`, {
    why: "It takes an id such as 3f2a91c4-5b6d-4e7f-8a90-1b2c3d4e5f60, or its first 4 characters or more.",
    exitCode: ExitCode.usage,
  });
}

const pinoNumbers: Readonly<Record<Level, number>> = {
  TRACE: 10,
  DEBUG: 20,
  INFO: 30,
  WARN: 40,
  ERROR: 50,
  FATAL: 60,
};

/** Loggers write levels in capitals, small letters or with a capital, or as pino's numbers. */
function levelPattern(least: Level): string {
  const names = levels.slice(levels.indexOf(least)).flatMap((level) => {
    const name = level === "WARN" ? "WARN*" : level;
    const small = name.toLowerCase();
    return [name, small, `${name.charAt(0)}${small.slice(1)}`];
  });
  const platform = ["error", "timeout", "failure"].map((status) => `$.record.status = "${status}"`);
  return [
    ...names.map((name) => `$.level = "${name}"`),
    `$.level >= ${pinoNumbers[least]}`,
    // Lambda's own records have no level: failures count as errors, the rest as information.
    ...(least === "FATAL" ? [] : platform),
    ...(levels.indexOf(least) <= levels.indexOf("INFO") ? ['$.type = "platform.*"'] : []),
  ].join(" || ");
}

function reachesLevel(message: string, least: Level): boolean {
  const record = asRecord(message.trimEnd());
  if (record === undefined) return least === "TRACE";
  const rank = levels.indexOf(least);
  if (isPlatformRecord(record)) {
    const detail = isRecord(record["record"]) ? record["record"] : {};
    return levels.indexOf(failedStatus(detail["status"]) ? "ERROR" : "INFO") >= rank;
  }
  return levels.findIndex((level) => level === levelOf(record)) >= rank;
}

function requestPattern(id: string): string {
  return ["record.requestId", ...requestIdFields]
    .map((field) => `$.${field} = "${id}*"`)
    .join(" || ");
}

function isOfRequest(message: string, id: string): boolean {
  const record = asRecord(message.trimEnd());
  if (record === undefined) return false;
  const of = isRecord(record["record"]) ? requestIdOf(record["record"]) : requestIdOf(record);
  return of.startsWith(id);
}
