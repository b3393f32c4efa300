import type { DatabaseSync, StatementSync } from "node:sqlite";
import { openDatabase } from "../../sqlite.ts";

export interface LogStreamRow {
  readonly id: number;
  readonly name: string;
  readonly created: number;
  readonly firstEvent: number | null;
  readonly lastEvent: number | null;
  readonly lastIngestion: number | null;
  readonly bytes: number;
}

export interface LogEventRow {
  readonly id: number;
  readonly stream: string;
  readonly timestamp: number;
  readonly ingested: number;
  readonly message: string;
}

export interface NewLogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Events are in the order of their time; the id, in the order of arrival, decides between equal times. */
export interface Position {
  readonly timestamp: number;
  readonly id: number;
}

export interface Window {
  /** First and last millisecond, both included. */
  readonly from: number;
  readonly to: number;
}

const schema = `
  PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
  CREATE TABLE IF NOT EXISTS streams (
    id INTEGER PRIMARY KEY, log_group TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
    first_event INTEGER, last_event INTEGER, last_ingestion INTEGER, bytes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (log_group, name));
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, log_group TEXT NOT NULL,
    stream INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    timestamp INTEGER NOT NULL, ingested INTEGER NOT NULL, message TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS events_of_group ON events (log_group, timestamp, id);
  CREATE INDEX IF NOT EXISTS events_of_stream ON events (stream, timestamp, id);
`;

const streamColumns =
  "id, name, created, first_event AS firstEvent, last_event AS lastEvent, last_ingestion AS lastIngestion, bytes";
type EventValues = [
  id: number,
  stream: number,
  timestamp: number,
  ingested: number,
  message: string,
];

type Direction = "forward" | "backward";

/** What is read: a column with an index of its own, what stands in it, and from where to where. */
interface Reading {
  readonly of: "log_group" | "stream";
  readonly owner: string | number;
  readonly start: Position;
  /** The last millisecond, included. */
  readonly end: number;
  readonly direction: Direction;
}

/** Rows that are fetched at once: one by one takes twice as long, and a message may have a megabyte. */
const fewRows = 16;
const manyRows = 1024;
const manyCharacters = 1_000_000;

/**
 * Log streams and events in a database of their own, since they are many: a function at full load writes thousands
 * a second. A group is named here by `region/name`. Reading holds a small part of the events at a time.
 */
export class LogEventStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** `:memory:` keeps nothing. */
  constructor(path: string) {
    this.#database = openDatabase(path);
    this.#database.exec(schema);
  }

  close(): void {
    this.#database.close();
  }

  streams(group: string): LogStreamRow[] {
    return this.#prepare(
      `SELECT ${streamColumns} FROM streams WHERE log_group = ? ORDER BY name`,
    ).all(group) as unknown as LogStreamRow[];
  }

  stream(group: string, name: string): LogStreamRow | undefined {
    const query = `SELECT ${streamColumns} FROM streams WHERE log_group = ? AND name = ?`;
    return this.#prepare(query).get(group, name) as unknown as LogStreamRow | undefined;
  }

  addStream(group: string, name: string, created: number): void {
    this.#prepare("INSERT INTO streams (log_group, name, created) VALUES (?, ?, ?)").run(
      group,
      name,
      created,
    );
  }

  removeStream(id: number): void {
    this.#prepare("DELETE FROM streams WHERE id = ?").run(id);
  }

  removeGroup(group: string): void {
    this.#prepare("DELETE FROM streams WHERE log_group = ?").run(group);
  }

  removeOlder(group: string, timestamp: number): void {
    this.#prepare("DELETE FROM events WHERE log_group = ? AND timestamp < ?").run(group, timestamp);
  }

  bytes(group: string): number {
    const row = this.#prepare(
      "SELECT coalesce(sum(bytes), 0) AS bytes FROM streams WHERE log_group = ?",
    ).get(group);
    return Number(row?.["bytes"]);
  }

  /** All events or none. */
  append(
    group: string,
    stream: LogStreamRow,
    events: readonly NewLogEvent[],
    ingested: number,
  ): void {
    const insert = this.#prepare(
      "INSERT INTO events (log_group, stream, timestamp, ingested, message) VALUES (?, ?, ?, ?, ?)",
    );
    let first = Number.MAX_SAFE_INTEGER;
    let last = 0;
    let bytes = 0;
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const { timestamp, message } of events) {
        insert.run(group, stream.id, timestamp, ingested, message);
        first = Math.min(first, timestamp);
        last = Math.max(last, timestamp);
        bytes += Buffer.byteLength(message);
      }
      this.#prepare(
        "UPDATE streams SET first_event = min(coalesce(first_event, ?1), ?1), last_event = max(coalesce(last_event, ?2), ?2)," +
          " last_ingestion = ?3, bytes = bytes + ?4 WHERE id = ?5",
      ).run(first, last, ingested, bytes, stream.id);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Events of a group after a position, the oldest first. */
  eventsOfGroup(
    group: string,
    { from, to }: Window,
    after: Position | undefined,
  ): Generator<LogEventRow> {
    const start =
      after !== undefined && after.timestamp >= from ? after : { timestamp: from, id: 0 };
    return this.#read({ of: "log_group", owner: group, start, end: to, direction: "forward" });
  }

  /** Events of one stream behind a position, forwards (oldest first) or backwards. */
  eventsOfStream(
    stream: LogStreamRow,
    { from, to }: Window,
    position: Position | undefined,
    direction: Direction,
  ): Generator<LogEventRow> {
    const forward = direction === "forward";
    const first = forward
      ? { timestamp: from, id: 0 }
      : { timestamp: to, id: Number.MAX_SAFE_INTEGER };
    const isInside =
      position !== undefined && (forward ? position.timestamp >= from : position.timestamp <= to);
    return this.#read({
      of: "stream",
      owner: stream.id,
      start: isInside ? position : first,
      end: forward ? to : from,
      direction,
    });
  }

  *#read(reading: Reading): Generator<LogEventRow> {
    const names = new Map<number, string>();
    let { start } = reading;
    let count = fewRows;
    for (;;) {
      const rows = this.#rowsBehind(reading, start, count);
      let characters = 0;
      for (const [id, streamId, timestamp, ingested, message] of rows) {
        characters += message.length;
        start = { timestamp, id };
        yield { id, stream: this.#nameOf(streamId, names), timestamp, ingested, message };
      }
      if (rows.length < count) return;
      count = characters < manyCharacters ? Math.min(2 * count, manyRows) : fewRows;
    }
  }

  /** Of the same millisecond first: SQLite would not find a place within one by its index. */
  #rowsBehind({ of, owner, end, direction }: Reading, start: Position, count: number) {
    const forward = direction === "forward";
    if (forward ? start.timestamp > end : start.timestamp < end) return [];
    const [behind, upTo, order] = forward ? [">", "<=", "ASC"] : ["<", ">=", "DESC"];
    const rows = (where: string, ...values: (string | number)[]) =>
      this.#prepare(
        `SELECT id, stream, timestamp, ingested, message FROM events WHERE ${of} = ? AND ${where}` +
          ` ORDER BY timestamp ${order}, id ${order} LIMIT ?`,
        "arrays",
      ).all(owner, ...values) as unknown as EventValues[];
    const same = rows(`timestamp = ? AND id ${behind} ?`, start.timestamp, start.id, count);
    const left = count - same.length;
    if (left === 0) return same;
    const further = `timestamp ${behind} ? AND timestamp ${upTo} ?`;
    return [...same, ...rows(further, start.timestamp, end, left)];
  }

  #nameOf(streamId: number, known: Map<number, string>): string {
    let name = known.get(streamId);
    if (name === undefined) {
      const row = this.#prepare("SELECT name FROM streams WHERE id = ?").get(streamId);
      known.set(streamId, (name = String(row?.["name"])));
    }
    return name;
  }

  /** @param rows `arrays`: without names, which takes half as long */
  #prepare(query: string, rows: "objects" | "arrays" = "objects"): StatementSync {
    let statement = this.#statements.get(query);
    if (statement === undefined) {
      this.#statements.set(query, (statement = this.#database.prepare(query)));
      statement.setReturnArrays(rows === "arrays");
    }
    return statement;
  }
}
