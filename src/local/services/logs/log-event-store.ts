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
const eventColumns = "events.id, streams.name, timestamp, ingested, message";
type EventValues = [
  id: number,
  stream: string,
  timestamp: number,
  ingested: number,
  message: string,
];

/**
 * Log streams and events in a database of their own, since they are many: a function at full load writes thousands
 * a second. A group is named here by `region/name`. Reading iterates and never holds more than one event.
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
  *eventsOfGroup(
    group: string,
    window: Window,
    after: Position | undefined,
  ): Generator<LogEventRow> {
    const query =
      `SELECT ${eventColumns} FROM events JOIN streams ON streams.id = events.stream` +
      " WHERE events.log_group = ? AND timestamp BETWEEN ? AND ? AND (timestamp, events.id) > (?, ?)" +
      " ORDER BY timestamp, events.id";
    const { timestamp, id } = after ?? { timestamp: -1, id: 0 };
    // SQLite finds the first row by the window alone, and would go through all that were read before the position.
    const from = Math.max(window.from, timestamp);
    yield* this.#rows(query, group, from, window.to, timestamp, id);
  }

  /** Events of one stream from a position on, forwards (oldest first) or backwards. */
  *eventsOfStream(
    stream: LogStreamRow,
    { from, to }: Window,
    position: Position | undefined,
    direction: "forward" | "backward",
  ): Generator<LogEventRow> {
    const forward = direction === "forward";
    const order = forward ? "ASC" : "DESC";
    const query =
      `SELECT ${eventColumns} FROM events JOIN streams ON streams.id = events.stream` +
      ` WHERE events.stream = ? AND timestamp BETWEEN ? AND ? AND (timestamp, events.id) ${forward ? ">" : "<"} (?, ?)` +
      ` ORDER BY timestamp ${order}, events.id ${order}`;
    const start =
      position ??
      (forward ? { timestamp: -1, id: 0 } : { timestamp: Number.MAX_SAFE_INTEGER, id: 0 });
    const first = forward ? Math.max(from, start.timestamp) : from;
    const last = forward ? to : Math.min(to, start.timestamp);
    yield* this.#rows(query, stream.id, first, last, start.timestamp, start.id);
  }

  /** Not a shared statement: two readers may be at different places. */
  *#rows(query: string, ...values: (string | number)[]): Generator<LogEventRow> {
    const statement = this.#database.prepare(query);
    // Twice as fast as rows with names.
    statement.setReturnArrays(true);
    for (const row of statement.iterate(...values) as unknown as Iterable<EventValues>) {
      const [id, stream, timestamp, ingested, message] = row;
      yield { id, stream, timestamp, ingested, message };
    }
  }

  #prepare(query: string): StatementSync {
    let statement = this.#statements.get(query);
    if (statement === undefined)
      this.#statements.set(query, (statement = this.#database.prepare(query)));
    return statement;
  }
}
