import { readFileSync } from "node:fs";

/** lmi's own version, from its package.json: two folders up, from src/cli as from dist/cli. */
export function ownVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The version to depend on where lmi came from npm; undefined in a clone, whose version npm may not have. */
export function installedVersion(): string | undefined {
  return import.meta.url.includes("/node_modules/") ? ownVersion() : undefined;
}
