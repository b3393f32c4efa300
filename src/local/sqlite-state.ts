import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { LmiError } from "../errors.ts";
import { openDatabase } from "./sqlite.ts";
import type { Collection, State } from "./state.ts";

export interface SqliteState extends State {
  /** Names of the collections that hold documents, e.g. `lambda.functions`. */
  collectionNames(): string[];
}

/** Documents of one collection as JSON text, by region and id: reading parses, so no caller shares an object. */
type Texts = Map<string, Map<string, string>>;

/**
 * State in one SQLite file, written through memory: reads never touch the disk, writes are committed when they return.
 * The journal (WAL, synchronous NORMAL) survives `kill -9`; a power failure may lose the last commits, never their order.
 * A second process that opens the same folder is refused.
 */
export function openSqliteState(folder: string): SqliteState {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "state.sqlite");
  const database = openLocked(path, folder);
  const store = new DocumentStore(database);
  return {
    collection: <Document extends object>(name: string) => store.collection<Document>(name),
    transaction: (work) => store.transaction(work),
    collectionNames: () => store.names(),
    close: () => database.close(),
  };
}

/** How long a process that was killed may take to go. */
const dyingMs = 2000;

function openLocked(path: string, folder: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(path);
    // Exclusive: the first transaction takes the file for good, and the operating system frees it when the process dies.
    // One that was killed a moment ago still has its lock.
    database.exec(`PRAGMA busy_timeout = ${dyingMs}`);
    database.exec(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
    );
    database.exec(
      "CREATE TABLE IF NOT EXISTS documents (collection TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL," +
        " body TEXT NOT NULL, PRIMARY KEY (collection, region, id)) WITHOUT ROWID; BEGIN IMMEDIATE; COMMIT;",
    );
    return database;
  } catch (error) {
    database?.close();
    throw openFailure(error, folder);
  }
}

function openFailure(error: unknown, folder: string): LmiError {
  const reason = (error as Error).message;
  if (/locked|busy/i.test(reason)) {
    return new LmiError(
      "LMI_LOCAL_STATE_LOCKED",
      "Another local target is already using this state folder",
      {
        why: folder,
        next: "Stop it with `lmi local down`, or choose another folder with LMI_LOCAL_STATE",
        cause: error,
      },
    );
  }
  if (/unable to open|readonly|EACCES|EPERM/i.test(reason)) {
    return new LmiError(
      "LMI_LOCAL_STATE_UNWRITABLE",
      "The local target cannot write to its state folder",
      {
        why: folder,
        next: "Make the folder writable, or choose another one with LMI_LOCAL_STATE",
        cause: error,
      },
    );
  }
  return new LmiError(
    "LMI_LOCAL_STATE_UNREADABLE",
    `The local target's state cannot be opened: ${reason}`,
    {
      why: folder,
      next: "Start afresh with `lmi local reset`",
      cause: error,
    },
  );
}

class DocumentStore {
  readonly #database: DatabaseSync;
  readonly #collections = new Map<string, Texts>();
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  /** How to undo, in memory, what the open transaction has done; undefined outside of one. */
  #undo: (() => void)[] | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#put = database.prepare(
      "INSERT INTO documents (collection, region, id, body) VALUES (?, ?, ?, ?)" +
        " ON CONFLICT (collection, region, id) DO UPDATE SET body = excluded.body",
    );
    this.#delete = database.prepare(
      "DELETE FROM documents WHERE collection = ? AND region = ? AND id = ?",
    );
    const rows = database.prepare("SELECT collection, region, id, body FROM documents").iterate();
    for (const row of rows) {
      const { collection, region, id, body } = row as Record<
        "collection" | "region" | "id" | "body",
        string
      >;
      regionOf(this.#texts(collection), region).set(id, body);
    }
  }

  names(): string[] {
    return [...this.#collections]
      .filter(([, texts]) => [...texts.values()].some((region) => region.size > 0))
      .map(([name]) => name);
  }

  collection<Document extends object>(name: string): Collection<Document> {
    const texts = this.#texts(name);
    const parse = (text: string) => JSON.parse(text) as Document;
    return {
      get: (region, id) => {
        const text = texts.get(region)?.get(id);
        return text === undefined ? undefined : parse(text);
      },
      put: (region, id, document) => this.#write(name, region, id, JSON.stringify(document)),
      delete: (region, id) => this.#remove(name, region, id),
      list: (region) => sorted(texts.get(region)).map(([, text]) => parse(text)),
      entries: () =>
        [...texts].flatMap(([region, documents]) =>
          sorted(documents).map(([id, text]) => ({ region, id, document: parse(text) })),
        ),
    };
  }

  transaction<T>(work: () => T): T {
    if (this.#undo !== undefined) return work();
    const undo: (() => void)[] = (this.#undo = []);
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      for (const step of undo.toReversed()) step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  #texts(name: string): Texts {
    let texts = this.#collections.get(name);
    if (texts === undefined)
      this.#collections.set(name, (texts = new Map<string, Map<string, string>>()));
    return texts;
  }

  #write(name: string, region: string, id: string, text: string): void {
    this.#put.run(name, region, id, text);
    const documents = regionOf(this.#texts(name), region);
    this.#rememberUndo(documents, id);
    documents.set(id, text);
  }

  #remove(name: string, region: string, id: string): boolean {
    const documents = regionOf(this.#texts(name), region);
    if (!documents.has(id)) return false;
    this.#delete.run(name, region, id);
    this.#rememberUndo(documents, id);
    return documents.delete(id);
  }

  #rememberUndo(documents: Map<string, string>, id: string): void {
    const before = documents.get(id);
    this.#undo?.push(() =>
      before === undefined ? documents.delete(id) : documents.set(id, before),
    );
  }
}

function regionOf(texts: Texts, region: string): Map<string, string> {
  let documents = texts.get(region);
  if (documents === undefined) texts.set(region, (documents = new Map<string, string>()));
  return documents;
}

function sorted(documents: ReadonlyMap<string, string> | undefined): [string, string][] {
  return [...(documents ?? [])].toSorted(([left], [right]) => (left < right ? -1 : 1));
}
