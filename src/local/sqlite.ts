import process from "node:process";
import type { DatabaseSync } from "node:sqlite";

/**
 * Opens a database of node:sqlite. Node warns once that the module is experimental; users of the local
 * target can do nothing about that, so this one warning is held back while the module loads.
 */
export function openDatabase(path: string): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  return new Database(path);
}

function loadSqlite(): typeof import("node:sqlite") {
  const emitWarning = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes("SQLite")) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
