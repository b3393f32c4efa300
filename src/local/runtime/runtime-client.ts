import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Where this module lies: as TypeScript in the sources, or built into dist. */
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** AWS's runtime client for Node.js: copied beside the built code, or from the development dependency. */
export function nodeRuntimeClient(): string {
  const built = fileURLToPath(new URL("./nodejs/index.mjs", import.meta.url));
  return existsSync(built) ? built : createRequire(import.meta.url).resolve("aws-lambda-ric");
}

/** The module that stands in for the runtime client's native part, as a URL for `--import`. */
export function nativeClientUrl(): string {
  return new URL(`./native-client.${extension}`, import.meta.url).href;
}
