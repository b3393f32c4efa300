import { readFileSync } from "node:fs";

import { packageRoot } from "./package-root.ts";

/** lmi's own version, from its package.json. */
export function ownVersion(): string {
  const text = readFileSync(new URL("package.json", packageRoot), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The version to depend on where lmi came from npm; undefined in a clone, whose version npm may not have. */
export function installedVersion(): string | undefined {
  return packageRoot.href.includes("/node_modules/") ? ownVersion() : undefined;
}
