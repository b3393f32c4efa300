import { chmodSync, closeSync, existsSync, openSync } from "node:fs";
import process from "node:process";
import type * as Sqlite from "node:sqlite";

/**
 * Opens a database that its owner alone can read, as SQLite makes the files beside it (-wal, -shm) with the modes of
 * the database itself. `:memory:` is no file.
 */
export function openDatabase(path: string): Sqlite.DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  if (path !== ":memory:") keepPrivate(path);
  return new Database(path);
}

/**
 * By name, never through a descriptor of a file that is there: closing one would free the locks that SQLite may hold
 * on that file in this process (SQLite, "How To Corrupt An SQLite Database File", 2.2).
 */
function keepPrivate(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch {
    // It is there already, or cannot be made: SQLite says the latter itself.
  }
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    // One that an earlier version made, or that was copied here.
    if (existsSync(file)) chmodSync(file, 0o600);
  }
}

/**
 * Loads node:sqlite. Node warns once that the module is experimental; users of the local
 * target can do nothing about that, so this one warning is held back while the module loads.
 */
function loadSqlite(): typeof Sqlite {
  const emitWarning = process.emitWarning.bind(process) as (...warning: unknown[]) => void;
  const original = Object.getOwnPropertyDescriptor(process, "emitWarning");
  process.emitWarning = (...warning: unknown[]) => {
    if (!String(warning[0]).includes("SQLite")) emitWarning(...warning);
  };
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    if (original) Object.defineProperty(process, "emitWarning", original);
  }
}
