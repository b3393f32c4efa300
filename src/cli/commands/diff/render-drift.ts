import type { PropertyDrift, ResourceDrift } from "../../../aws/ports.ts";
import type { StackDrift } from "../../../deploy/drift.ts";
import { inWords, typeWord } from "../../../deploy/resource-words.ts";
import { wrap, wrapList } from "../../output/wrap.ts";

/** CloudFormation compares a template with the one before, so an unchanged one brings back functions alone, which lmi compares itself. */
export const putBack =
  "A deploy brings back code and settings of functions. Change the rest back by hand, or let lmi.json say it";

/** What was changed beside the stack: deleted things first. */
export function renderDrift(drift: StackDrift): string[] {
  const { resources, checked, unchecked, uncheckedVariables, incomplete } = drift;
  const sorted = resources.toSorted(
    (one, other) => Number(other.status === "DELETED") - Number(one.status === "DELETED"),
  );
  const count = resources.length === 1 ? "1 resource is" : `${resources.length} resources are`;
  const result =
    resources.length === 0
      ? `none: ${checked} resources are as they were deployed`
      : `${count} not as deployed, of ${checked} compared`;
  return [
    wrap(`Drift   ${result}`, 8),
    ...sorted.flatMap(renderResource),
    ...(resources.length === 0 ? [] : [wrap(`        ${putBack}.`, 8)]),
    ...(incomplete === undefined ? [] : [wrap(`        Incomplete: ${incomplete}`, 8)]),
    ...(uncheckedVariables.length === 0
      ? []
      : [
          wrap(
            `        Not compared, since they come from elsewhere: ${uncheckedVariables.join(", ")}`,
            8,
          ),
        ]),
    ...(unchecked.length === 0 ? [] : [wrapList("        Not compared: ", inWords(unchecked), 8)]),
  ];
}

function renderResource({ logicalId, type, physicalId, status, differences }: ResourceDrift) {
  const name = `${logicalId} (${typeWord(type)})`;
  if (status === "DELETED") return [wrap(`- ${name}  deleted: ${physicalId ?? "unknown"}`, 6)];
  return [`~ ${name}  changed`, ...differences.map(renderProperty)];
}

function renderProperty({ path, expected, actual }: PropertyDrift): string {
  const name = path.replace(/^\//, "").replaceAll("/", ".");
  const values =
    expected === undefined
      ? `now ${actual}; deployed without`
      : actual === undefined
        ? `gone; deployed ${expected}`
        : `now ${actual}; deployed ${expected}`;
  return wrap(`    ${name}  ${values}`, 6);
}
