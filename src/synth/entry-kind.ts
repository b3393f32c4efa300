/** `source` is bundled with esbuild, `zip` (a .jar is one) and `folder` are taken as they are. */
export type EntryKind = "source" | "zip" | "folder";

const SOURCE = /\.(ts|mts|cts|tsx|js|mjs|cjs|jsx)$/;

/** By name alone; whether it exists is found out when it is built. */
export function entryKind(entry: string): EntryKind {
  if (SOURCE.test(entry)) return "source";
  return /\.(zip|jar)$/.test(entry) ? "zip" : "folder";
}

/**
 * `file.export` for a function. Lambda splits at the first dot, so the file's own dots become dashes.
 * `handler` may name just the export: `main` of src/api.ts becomes `api.main`.
 */
export function handlerOf(entry: string, handler: string | undefined): string {
  if (entryKind(entry) !== "source") return handler ?? "index.handler";
  if (handler?.includes(".")) return handler;
  const file = entry.slice(entry.lastIndexOf("/") + 1).replace(SOURCE, "");
  return `${file.replaceAll(".", "-")}.${handler ?? "handler"}`;
}
