import process from "node:process";
import type * as Sqlite from "node:sqlite";

/**
 * Opens a database of node:sqlite. Node warns once that the module is experimental; users of the local
 * target can do nothing about that, so this one warning is held back while the module loads.
 */
export function openDatabase(path: string): Sqlite.DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  return new Database(path);
}

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
