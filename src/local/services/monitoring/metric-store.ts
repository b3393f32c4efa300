import type { DatabaseSync, StatementSync } from "node:sqlite";
import { openDatabase } from "../../sqlite.ts";
import type { Buckets, Distribution } from "./distribution.ts";
import { merge } from "./distribution.ts";

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

export interface StoredMetric extends MetricName {
  /** Newest data point, in seconds since the epoch. */
  readonly newest: number;
}

/** Values of one period: its first second, since the epoch, and its length in seconds. */
export interface Point {
  readonly at: number;
  readonly period: number;
  readonly unit: string;
  readonly values: Distribution;
}

const day = 86_400;
/** How long points of each period stay before they become part of a longer one (CloudWatch user guide, metrics retention). */
const retention = [
  { period: 1, seconds: 3 * 3600, next: 60 },
  { period: 60, seconds: 15 * day, next: 300 },
  { period: 300, seconds: 63 * day, next: 3600 },
  { period: 3600, seconds: 455 * day, next: undefined },
] as const;

const schema = `
  PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
  CREATE TABLE IF NOT EXISTS metrics (
    id INTEGER PRIMARY KEY, region TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
    dimensions TEXT NOT NULL, newest INTEGER NOT NULL, UNIQUE (region, namespace, name, dimensions));
  CREATE TABLE IF NOT EXISTS points (
    metric INTEGER NOT NULL REFERENCES metrics (id) ON DELETE CASCADE,
    at INTEGER NOT NULL, period INTEGER NOT NULL, unit TEXT NOT NULL,
    count REAL NOT NULL, sum REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, buckets TEXT,
    PRIMARY KEY (metric, at, period, unit)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS points_by_age ON points (period, at);
`;

/**
 * Metrics in a database of their own, already added up for each period: what is stored depends on the number of
 * metrics and the time, not on how much happened.
 */
export class MetricStore {
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

  /** Adds points to what is there, all or none. */
  add(
    region: string,
    points: readonly { readonly metric: MetricName; readonly point: Point }[],
  ): void {
    this.#transaction(() => {
      for (const { metric, point } of points)
        this.#addPoint(this.#idOf(region, metric, point.at), point);
    });
  }

  /** Metrics of a region in the order of their names; with points from `since` (seconds since the epoch) on. */
  metrics(region: string, since: number): StoredMetric[] {
    const rows = this.#prepare(
      "SELECT namespace, name, dimensions, newest FROM metrics WHERE region = ? AND newest >= ?" +
        " ORDER BY namespace, name, dimensions",
    ).all(region, since);
    return rows.map((row) => ({
      namespace: String(row["namespace"]),
      name: String(row["name"]),
      dimensions: JSON.parse(String(row["dimensions"])) as Dimension[],
      newest: Number(row["newest"]),
    }));
  }

  /** Points of one metric whose period begins in [from, to), the oldest first; of one unit where it is given. */
  points(
    region: string,
    metric: MetricName,
    range: { readonly from: number; readonly to: number; readonly unit?: string | undefined },
  ): Point[] {
    const { unit = null } = range;
    const rows = this.#prepare(
      "SELECT at, period, unit, count, sum, min, max, buckets FROM points JOIN metrics ON metrics.id = metric" +
        " WHERE region = ?1 AND namespace = ?2 AND name = ?3 AND dimensions = ?4 AND at >= ?5 AND at < ?6" +
        " AND (?7 IS NULL OR unit = ?7) ORDER BY at",
    ).all(region, metric.namespace, metric.name, keyOf(metric), range.from, range.to, unit);
    return rows.map(pointOf);
  }

  /** Adds old points up to longer periods, and forgets the oldest. `now` in seconds since the epoch. */
  compact(now: number): void {
    this.#transaction(() => {
      for (const { period, seconds, next } of retention) {
        const before = now - seconds;
        if (next !== undefined) this.#lengthen(period, next, before);
        this.#prepare("DELETE FROM points WHERE period = ? AND at < ?").run(period, before);
      }
      this.#prepare("DELETE FROM metrics WHERE newest < ?").run(now - 455 * day);
    });
  }

  #lengthen(period: number, next: number, before: number): void {
    const rows = this.#prepare(
      "SELECT metric, at, period, unit, count, sum, min, max, buckets FROM points WHERE period = ? AND at < ?",
    ).all(period, before);
    for (const row of rows) {
      const point = pointOf(row);
      this.#addPoint(Number(row["metric"]), {
        ...point,
        at: point.at - (point.at % next),
        period: next,
      });
    }
  }

  #addPoint(metric: number, { at, period, unit, values }: Point): void {
    const before = this.#prepare(
      "SELECT at, period, unit, count, sum, min, max, buckets FROM points" +
        " WHERE metric = ? AND at = ? AND period = ? AND unit = ?",
    ).get(metric, at, period, unit);
    const { count, sum, min, max, buckets } = before
      ? merge(pointOf(before).values, values)
      : values;
    this.#prepare(
      "INSERT OR REPLACE INTO points (metric, at, period, unit, count, sum, min, max, buckets)" +
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ).run(metric, at, period, unit, count, sum, min, max, buckets ? JSON.stringify(buckets) : null);
  }

  #idOf(region: string, metric: MetricName, at: number): number {
    const row = this.#prepare(
      "INSERT INTO metrics (region, namespace, name, dimensions, newest) VALUES (?, ?, ?, ?, ?)" +
        " ON CONFLICT DO UPDATE SET newest = max(newest, excluded.newest) RETURNING id",
    ).get(region, metric.namespace, metric.name, keyOf(metric), at);
    return Number(row?.["id"]);
  }

  #transaction(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #prepare(query: string): StatementSync {
    let statement = this.#statements.get(query);
    if (statement === undefined)
      this.#statements.set(query, (statement = this.#database.prepare(query)));
    return statement;
  }
}

/** Dimensions have no order: the same ones are the same metric. */
function keyOf({ dimensions }: MetricName): string {
  const sorted = dimensions
    .map(({ Name, Value }) => ({ Name, Value }))
    .toSorted((one, other) => (one.Name < other.Name ? -1 : 1));
  return JSON.stringify(sorted);
}

function pointOf(row: Record<string, unknown>): Point {
  const number = (column: string) => Number(row[column]);
  const buckets = row["buckets"];
  return {
    at: number("at"),
    period: number("period"),
    unit: String(row["unit"]),
    values: {
      count: number("count"),
      sum: number("sum"),
      min: number("min"),
      max: number("max"),
      buckets: typeof buckets === "string" ? (JSON.parse(buckets) as Buckets) : undefined,
    },
  };
}
