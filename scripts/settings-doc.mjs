// docs/settings.md, from the settings schema and the table of flags. A test fails when the file is stale.
//   node scripts/settings-doc.mjs
import { writeFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

import { settingFlags } from "../src/cli/config/setting-flags.ts";
import { jsonSchema } from "../src/synth/json-schema.ts";
import { cloudFormationTable } from "./cloudformation-properties.mjs";

const intro = `# Settings

Generated from the settings schema by \`node scripts/settings-doc.mjs\`. [CloudFormation's properties](#cloudformations-properties-and-their-settings) are below.

\`lmi.json\` may hold comments. Unknown keys are errors. A value comes from: flag, then environment variable, then the
\`--env\` overlay (\`environments.<name>\`), then \`lmi.json\`, then the default; \`lmi synth --show-origin\` tells which.
Flags of a function mean the only function, or the one named with \`--function\`.
\`overrides\`, \`resources\` and what goes with them are explained in [escape-hatches.md](escape-hatches.md),
\`lmi.config.ts\` in place of \`lmi.json\` too.

| key | flag and variable | default | range | example | meaning |
|---|---|---|---|---|---|
`;

const outro = `
## CloudFormation's properties and their settings

Every property of a capacity provider and of a function, as AWS's resource data of this version's packages know them:
the setting that says it, or \`overrides\`, where lmi or AWS chooses unless something else is put, or why there is no way.
`;

export function settingsDoc() {
  const schema = JSON.parse(jsonSchema());
  const rows = Object.entries(schema.properties).flatMap(([key, node]) => rowsOf([key], node));
  return `${intro}${rows.join("\n")}\n${outro}\n${cloudFormationTable().join("\n").trimEnd()}\n`;
}

function rowsOf(path, node) {
  if (path[0] === "$schema") return [];
  const inner =
    path[0] === "functions" && path.length === 1
      ? node.additionalProperties?.properties
      : node.properties;
  const prefix = path[0] === "functions" && path.length === 1 ? ["functions", "<name>"] : path;
  if (inner)
    return Object.entries(inner).flatMap(([key, child]) => rowsOf([...prefix, key], child));
  const kinds = node.items?.oneOf ?? [];
  const items = kinds.flatMap((kind) => {
    const { type, ...properties } = kind.properties;
    const list = `${path.at(-1)}[${type.const}]`;
    const own = [...path.slice(0, -1), list];
    return Object.entries(properties).flatMap(([key, child]) => rowsOf([...own, key], child));
  });
  const columns = [
    `\`${path.join(".")}\``,
    flagOf(path),
    code(node.default),
    rangeOf(node),
    node.examples ? code(node.examples[0]) : "",
    cell(node.description ?? ""),
  ];
  return [`| ${columns.join(" | ")} |`, ...items];
}

function flagOf(path) {
  const isFunction = path[0] === "functions";
  const wanted = (isFunction ? path.slice(2) : path).join(".");
  const flag = settingFlags.find(
    ({ scope, path: own }) => (scope === "function") === isFunction && own.join(".") === wanted,
  );
  if (!flag) return "";
  return [flag.flags, flag.variable]
    .filter(Boolean)
    .map((text) => `\`${cell(text)}\``)
    .join(" ");
}

/** What values there are; forms of texts as the error of a wrong one says them. */
function rangeOf(node) {
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(" ");
  if (node.type === "boolean") return "`true` `false`";
  if (node.type === "integer") return `${node.minimum}–${bound(node.maximum)}`;
  if (node.type === "array") return listRange(node);
  if (node.type === "object") return "by name";
  return node.type === "string" ? textRange(node) : "";
}

function textRange({ patternErrorMessage = "must be text" }) {
  return cell(patternErrorMessage.replace(/^must be (?:an? )?/, ""));
}

const bound = (maximum) => (maximum >= Number.MAX_SAFE_INTEGER ? "…" : maximum);

function listRange({ minItems = 0, maxItems, items }) {
  const each = items?.patternErrorMessage ? ` of: ${textRange(items)}` : "";
  if (maxItems === undefined) return `list${minItems > 0 ? `, ${minItems} or more` : ""}${each}`;
  return `list, ${minItems}–${maxItems}${each}`;
}

const code = (value) => (value === undefined ? "" : `\`${cell(JSON.stringify(value))}\``);
const cell = (text) => text.replaceAll("|", "\\|");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(new URL("../docs/settings.md", import.meta.url), settingsDoc());
}
