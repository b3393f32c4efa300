// Copies AWS's runtime client for Node.js, with its licence, into a folder of the build:
//   node scripts/copy-runtime-client.mjs dist/local/runtime/nodejs
import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import process from "node:process";

const files = ["index.mjs", "LICENSE", "NOTICE", "THIRD-PARTY-LICENSES"];

/** Copies into `folder`, which is made if it is missing. */
export async function copyRuntimeClient(folder) {
  const source = dirname(createRequire(import.meta.url).resolve("aws-lambda-ric"));
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map((file) => copyFile(join(source, file), join(folder, file))));
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error("Usage: copy-runtime-client.mjs <folder>");
  await copyRuntimeClient(folder);
}
