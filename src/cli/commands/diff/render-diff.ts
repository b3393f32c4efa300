import type { PropertyChange, ResourceChange } from "../../../deploy/changes.ts";
import { typeWord } from "../../../deploy/resource-words.ts";
import { wrap } from "../../output/wrap.ts";
import type { Difference } from "../diff.ts";
import { costWords } from "./cost-words.ts";
import { renderDrift } from "./render-drift.ts";
import { renderSecurity, renderTags } from "../deploy/render-changes.ts";

/** Replacements in capitals: what is replaced is another thing afterwards. */
const words: Readonly<Record<ResourceChange["kind"], readonly [sign: string, what: string]>> = {
  replace: ["±", "REPLACED: a new one is made, then the old one deleted"],
  mayReplace: ["±", "REPLACED if CloudFormation finds it must be"],
  remove: ["-", "deleted"],
  modify: ["~", "changed in place"],
  import: ["←", "there already, taken into the stack with what is in it"],
  add: ["+", "new"],
};

const order = Object.keys(words) as ResourceChange["kind"][];

/** What AWS would refuse, then permissions and network, then resources, what is replaced before what is new; cost last. */
export function renderDiff(difference: Difference): string {
  const { resources, security, otherChanges, tags, beside, cost, drift, refused } = difference;
  const sorted = resources.toSorted(
    (one, other) => order.indexOf(one.kind) - order.indexOf(other.kind),
  );
  return [
    ...refused.map(renderRefusal),
    ...(drift === undefined ? [] : renderDrift(drift)),
    ...beside.map(renderBeside),
    ...(isChanged(difference)
      ? []
      : [drift === undefined ? "Nothing differs." : "A deploy would change nothing."]),
    ...renderSecurity(security),
    ...renderTags(tags),
    ...sorted.flatMap(renderResource),
    ...(resources.length === 0 && otherChanges ? ["~ outputs or descriptions only"] : []),
    costWords(cost),
    ...cost.without.map((sentence) => wrap(`        ${sentence}`, 8)),
  ].join("\n");
}

/** Whether a deploy would change anything. */
export function isChanged({ resources, otherChanges, tags, beside }: Difference): boolean {
  return resources.length > 0 || otherChanges || tags.length > 0 || beside.length > 0;
}

function renderBeside({ text }: Difference["beside"][number]): string {
  return wrap(`~ ${text} A deploy brings back what the project says.`, 6);
}

function renderRefusal({ message, next }: Difference["refused"][number]): string {
  return wrap(`Refused ${message}${next === undefined ? "" : ` ${next}.`}`, 8);
}

function renderResource({
  kind,
  logicalId,
  type,
  physicalId,
  properties,
  consequence,
}: ResourceChange): string[] {
  const [sign, means] = words[kind];
  const what = physicalId === undefined ? means : `${means}: ${physicalId}`;
  const line = `${sign} ${logicalId} (${typeWord(type)})  ${what}`;
  const { means: follows, without } = consequence ?? {};
  return [
    line,
    ...properties.map(renderProperty),
    ...(follows === undefined ? [] : [`    ${follows}`]),
    ...(without === undefined ? [] : [`    Without a gap: ${without}`]),
  ].map((text) => wrap(text, 6));
}

function renderProperty({ name, before, after, replaces }: PropertyChange): string {
  const values =
    before === undefined
      ? `set to ${after}`
      : after === undefined
        ? `${before} removed`
        : before === after
          ? `${before}, with other values`
          : `${before} → ${after}`;
  return `    ${name}  ${values}${replaces ? "  (this replaces it)" : ""}`;
}
