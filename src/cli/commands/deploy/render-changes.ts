import type { ChangeSummary, ResourceChange } from "../../../deploy/changes.ts";
import type { SecurityChange } from "../../../deploy/security-words.ts";
import type { TagChange } from "../../../deploy/stack-tags.ts";
import { textWidth, wrap, wrapList } from "../../output/wrap.ts";
import { inWords, typeWord } from "../../../deploy/resource-words.ts";

const signs: readonly (readonly [ResourceChange["kind"], string, string])[] = [
  ["add", "+", ""],
  ["import", "←", " there already, taken into the stack with what is in it"],
  ["modify", "~", " changed in place"],
  ["mayReplace", "~", " changed, replaced if CloudFormation finds it must be"],
  ["replace", "±", " replaced: a new one is made, then the old one deleted"],
  ["remove", "-", " deleted"],
];

/** How many resources of what, then who may do what. */
export function renderChanges(changes: ChangeSummary): string {
  const resources = signs.flatMap(([kind, sign, meaning]) =>
    resourceLine(changes.resources, kind, sign, meaning),
  );
  const rest =
    changes.resources.length === 0 && changes.otherChanges
      ? ["~ outputs or descriptions only"]
      : [];
  return [
    ...resources,
    ...changes.resources.flatMap(renderConsequence),
    ...rest,
    ...renderTags(changes.tags),
    ...renderSecurity(changes.security),
  ].join("\n");
}

/** What a replacement or deletion means, and how to go about it. */
function renderConsequence({ logicalId, consequence, properties }: ResourceChange): string[] {
  if (consequence === undefined) return [];
  const because = properties.filter(({ replaces }) => replaces).map(({ name }) => name);
  const cause = because.length === 0 ? "" : ` (${because.join(", ")})`;
  return [
    wrap(`  ${logicalId}${cause}: ${consequence.means}`, 4),
    ...(consequence.without === undefined
      ? []
      : [wrap(`    Without a gap: ${consequence.without}`, 4)]),
  ];
}

/** Every resource and every statement exactly, for `--verbose`. */
export function changeDetails({ resources, security }: ChangeSummary): string[] {
  return [
    ...resources.map(({ kind, logicalId, type }) => `${signOf(kind)} ${logicalId} (${type})`),
    ...security.map((change) => `${titles[change.kind]} ${change.sign} ${change.text}`),
  ];
}

function signOf(kind: ResourceChange["kind"]): string {
  return signs.find(([known]) => known === kind)?.[1] ?? "";
}

/** What CloudFormation hands on to everything that takes tags. */
export function renderTags(tags: readonly TagChange[]): string[] {
  return tags.map(({ name, before, after }, index) => {
    const title = (index === 0 ? "Tags" : "").padEnd(titleWidth);
    if (before === undefined) return `${title}+ ${name}  ${after}`;
    return after === undefined
      ? `${title}- ${name}  was ${before}`
      : `${title}~ ${name}  ${before} → ${after}`;
  });
}

const titles: Readonly<Record<SecurityChange["kind"], string>> = { iam: "IAM", network: "Network" };
const titleWidth = 8;
/** Names up to here are aligned; a longer one moves only its own line. */
const alignedName = 16;

/** Who may do what more, and what less. */
export function renderSecurity(changes: readonly SecurityChange[]): string[] {
  const width = Math.max(
    0,
    ...changes.map(({ subject }) => subject.length).filter((length) => length <= alignedName),
  );
  let last: string | undefined;
  return changes.map(({ kind, sign, subject, words }) => {
    const title = titles[kind] === last ? "" : titles[kind];
    last = titles[kind];
    const start = `${title.padEnd(titleWidth)}${sign} ${subject.padEnd(width)}`;
    const line = `${start}  ${words}`;
    const indent = titleWidth + 2 + width + 2;
    return line.length <= textWidth ? line : wrap(line, indent);
  });
}

function resourceLine(
  all: readonly ResourceChange[],
  kind: ResourceChange["kind"],
  sign: string,
  meaning: string,
): string[] {
  const ofKind = all.filter((change) => change.kind === kind);
  if (ofKind.length === 0) return [];
  const count = `${ofKind.length} ${ofKind.length === 1 ? "resource" : "resources"}`;
  // What is new is told by its type, what is touched by its name, as far as a reader can take it in.
  const what = kind === "add" || ofKind.length > 8 ? inWords(ofKind) : names(ofKind);
  return [wrapList(`${sign} ${count}${meaning}: `, what, 2)];
}

function names(resources: readonly ResourceChange[]): string {
  return resources
    .map(({ logicalId, type, physicalId }) =>
      physicalId === undefined
        ? `${logicalId} (${typeWord(type)})`
        : `${typeWord(type)} ${physicalId}`,
    )
    .join(", ");
}
