// acceptance.md for people, acceptance.json for the next run.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { compare } from "./facts.mjs";

const cell = (value) =>
  value === undefined
    ? ""
    : (typeof value === "string" ? value : JSON.stringify(value))
        .replaceAll("|", "\\|")
        .replaceAll("\n", " ");

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows]
    .map((row) => `| ${row.map(cell).join(" | ")} |`)
    .join("\n");

/** `runs`: `{ local, aws }`, each `{ facts, seconds, stages, left }` or undefined. */
export function markdown({ lmi, date, region, runs, compared }) {
  const rows = compared ? compare(runs.local.facts, compared.facts) : [];
  const differing = rows.filter(({ result }) => result !== "same");
  const parts = [
    `# Acceptance of lmi ${lmi}, ${date}`,
    `Region ${region}. ${runs.aws ? "Run on the local target, then on AWS." : "Run on the local target only."}`,
    ...Object.entries(runs).flatMap(([name, run]) => (run ? [stages(name, run)] : [])),
  ];
  if (compared) {
    parts.push(
      `## Where AWS and the local target differed\n\n${rows.length} facts: ${rows.length - differing.length} the same, ${differing.length} not.`,
    );
    if (differing.length > 0) parts.push(differences(differing));
    parts.push(`## The same on both\n\n${sameOnBoth(rows)}`);
  } else parts.push(`## Observed\n\n${observed(runs.local)}`);
  return `${parts.join("\n\n")}\n`;
}

const title = { local: "Local target", aws: "AWS" };

function stages(name, { stages: list, seconds, left }) {
  const rows = list.map(({ id, result, message }) => [
    id,
    result,
    seconds[id] ?? "",
    message ?? "",
  ]);
  const leftovers = left.length === 0 ? "Nothing was left." : `**Left: ${left.join(", ")}**`;
  const others = Object.entries(seconds).filter(([id]) => !list.some((stage) => stage.id === id));
  const measured =
    others.length === 0
      ? ""
      : `\n\n${table(
          ["measured", "seconds"],
          others.map((row) => row),
        )}`;
  return `## ${title[name]}\n\n${table(["stage", "result", "seconds", ""], rows)}${measured}\n\n${leftovers}`;
}

const differences = (rows) =>
  table(
    ["fact", "local target", "AWS", "AWS's documentation"],
    rows.map(({ id, local, aws, documented }) => [id, local, aws, documented]),
  );

const sameOnBoth = (rows) =>
  table(
    ["fact", "observed"],
    rows.filter(({ result }) => result === "same").map(({ id, local }) => [id, local]),
  );

const observed = ({ facts }) =>
  table(
    ["fact", "observed", "AWS's documentation"],
    Object.entries(facts).map(([id, { value, documented }]) => [id, value, documented]),
  );

/** Answers the paths that were written. */
export function writeReport(folder, content) {
  mkdirSync(folder, { recursive: true });
  const files = [
    [join(resolve(folder), "acceptance.md"), markdown(content)],
    [join(resolve(folder), "acceptance.json"), `${JSON.stringify(toJson(content), null, 2)}\n`],
  ];
  for (const [file, text] of files) writeFileSync(file, text);
  return files.map(([file]) => file);
}

function toJson({ compared, ...content }) {
  return {
    v: 1,
    ...content,
    ...(compared ? { comparison: compare(content.runs.local.facts, compared.facts) } : {}),
  };
}
