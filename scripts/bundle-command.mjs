// Puts the command line and the SDK clients that it uses into few files: loading hundreds of small modules takes
// longer than running them. Packages that are heavy, or loaded by few commands, stay outside.
//   node scripts/bundle-command.mjs   after tsc has written dist/
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { buildFront } from "./bundle/front.mjs";
import { buildLate } from "./bundle/late.mjs";
import { outdir, root } from "./bundle/plugins.mjs";

rmSync(outdir, { recursive: true, force: true });
const front = await buildFront();
const late = await buildLate(front);
const sources = [front, late].flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeFileSync(join(outdir, "THIRD-PARTY-LICENSES"), licences(sources));

/** The licence of every package of which the bundle holds code. */
function licences(inputs) {
  const folders = new Set(
    inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
  );
  return [...folders]
    .toSorted((a, b) => a.localeCompare(b))
    .map((folder) => licence(join(root, folder)))
    .join("\n");
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file))
    : [];
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name} ${version} (${license})`, "=".repeat(60), ...texts, ""].join("\n");
}
