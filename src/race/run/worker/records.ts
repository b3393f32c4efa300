// What a worker tells of the run. It goes out as lines among the function's own, each with a mark that no log line has.
import type { Blocked } from "./gate.ts";

/** Begins every line that is a record; a log line is JSON or text of the function's. */
export const recordMark = "\u001elmi-race\u001e";

/** A place in the code as it runs: instrumented, before any source map. */
export interface RawPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A request read what another one had written to state that both share. */
export interface CrossRead {
  readonly type: "cross-read";
  /** What the state is called in the source. */
  readonly name: string;
  /** Its number, where it is a variable. */
  readonly variable?: number | undefined;
  readonly reader: number;
  readonly readSite: number;
  readonly writer: number;
  readonly writeSite: number;
  /** Milliseconds between the two. */
  readonly agoMs: number;
  /** What was read, shortened. */
  readonly value: string;
  /** What the reader itself had written there before. */
  readonly own?: string | undefined;
  readonly ownSite?: number | undefined;
}

/** A number was written that was computed from one that another request has changed since. */
export interface LostUpdate {
  readonly type: "lost-update";
  readonly name: string;
  readonly variable?: number | undefined;
  readonly loser: number;
  readonly writer: number;
  readonly readSite: number;
  readonly writeSite: number;
  readonly read: number;
  readonly lost: number;
  readonly written: number;
}

export interface FileWrite {
  readonly type: "file-write";
  readonly request: number;
  /** As the function named it. */
  readonly path: string;
  /** Hash of what was written, where it was written at once. */
  readonly content?: string | undefined;
  readonly startedAt: number;
  readonly place?: RawPlace | undefined;
}

export interface EnvironmentChange {
  readonly type: "environment-change";
  readonly request: number;
  readonly name: string;
  readonly value?: string | undefined;
  readonly place?: RawPlace | undefined;
}

export interface DirectoryChange {
  readonly type: "directory-change";
  readonly request: number;
  readonly path: string;
  readonly place?: RawPlace | undefined;
}

export interface Output {
  readonly type: "output";
  readonly request: number;
  readonly text: string;
  readonly place?: RawPlace | undefined;
}

export interface OutgoingCall {
  readonly type: "call";
  readonly request: number;
  readonly method: string;
  readonly url: string;
  /** Headers and the beginning of the body. */
  readonly sent: string;
  readonly place?: RawPlace | undefined;
}

export interface SmallPool {
  readonly type: "small-pool";
  readonly request: number;
  readonly maxSockets: number;
  /** Requests that wanted a connection of it at once. */
  readonly wanted: number;
  readonly host: string;
  readonly place?: RawPlace | undefined;
}

/** What a wave showed of connections to one far side that are no HTTP. */
export interface SharedConnections {
  readonly type: "shared-connections";
  readonly wave: number;
  /** `host:port` */
  readonly remote: string;
  /** Connections over which something came. */
  readonly connections: number;
  /** One of them takes a second question before it has answered the first. */
  readonly pipelined: boolean;
  /** Requests that waited for an answer at the same time, at most. */
  readonly waited: number;
  /** The same, counted from what each of them waited for just before: a connection, or anything else. */
  readonly asked: number;
  /** The await at which one of them waited. */
  readonly site?: number | undefined;
}

export interface Rejection {
  readonly type: "rejection";
  readonly request?: number | undefined;
  readonly message: string;
  readonly place?: RawPlace | undefined;
  /** Requests that ran at that moment. */
  readonly running: readonly number[];
}

/** The function's code ended its worker, and with it every request in it. */
export interface WorkerExit {
  readonly type: "exit";
  readonly exitCode: number;
  readonly place?: RawPlace | undefined;
  /** Requests that ran at that moment. */
  readonly running: readonly number[];
}

export interface BlockedRecord extends Blocked {
  readonly type: "blocked";
}

/** What a worker holds after a wave, when none of its requests runs. */
export interface Holdings {
  /** Bytes after garbage collection; only after measured waves. */
  readonly heap?: number | undefined;
  /** Timers, sockets, … that keep the event loop alive, by kind. */
  readonly resources: Readonly<Record<string, number>>;
  /** Collections that requests put something into: their sizes. */
  readonly collections: readonly { readonly name: string; readonly site: number; size: number }[];
  /** Emitters that lived before the request that listens: their listeners. */
  readonly listeners: readonly {
    readonly event: string;
    readonly count: number;
    readonly place?: RawPlace | undefined;
  }[];
  /** Intervals that were not cleared. */
  readonly intervals: readonly { readonly place?: RawPlace | undefined; readonly count: number }[];
}

export interface RequestSpan {
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly held: readonly {
    readonly site: number;
    readonly from: number;
    readonly to: number;
  }[];
}

export interface WaveDone {
  readonly type: "wave";
  readonly wave: number;
  readonly requests: readonly RequestSpan[];
  readonly holdings: Holdings;
}

export interface Hello {
  readonly type: "hello";
}

/** A record as it is told; each names the worker thread it comes from. */
export type WorkerRecord = (
  | Hello
  | WaveDone
  | CrossRead
  | LostUpdate
  | FileWrite
  | EnvironmentChange
  | DirectoryChange
  | Output
  | OutgoingCall
  | SmallPool
  | SharedConnections
  | Rejection
  | WorkerExit
  | BlockedRecord
) & { readonly thread?: number };

/** The record in a line; nothing when it is a line of the function's. */
export function recordIn(line: string): WorkerRecord | undefined {
  return line.startsWith(recordMark)
    ? (JSON.parse(line.slice(recordMark.length)) as WorkerRecord)
    : undefined;
}
