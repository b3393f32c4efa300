import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./local/state-folder.ts";
import type { System } from "./system.ts";

/** Where bundles are kept from one run to the next: with the project's packages, else in the user's cache folder. */
export function bundleFolder(system: Pick<System, "env" | "home">, projectDir: string): string {
  const packages = join(projectDir, "node_modules");
  return existsSync(packages)
    ? join(packages, ".cache", "lmi", "bundles")
    : join(cacheFolder(system), "bundles");
}
