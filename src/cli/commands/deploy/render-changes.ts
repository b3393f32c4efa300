import type { ChangeSummary, ResourceChange } from "../../../deploy/changes.ts";

const signs: readonly (readonly [ResourceChange["kind"], string, string])[] = [
  ["add", "+", ""],
  ["modify", "~", " changed in place"],
  ["mayReplace", "~", " changed, replaced if CloudFormation finds it must be"],
  ["replace", "±", " replaced: a new one is made, then the old one deleted"],
  ["remove", "-", " deleted"],
];

/** Security-relevant lines first, then how many resources of what. */
export function renderChanges(changes: ChangeSummary): string {
  const security = changes.security.map(
    ({ kind, sign, text }) => `${kind === "iam" ? "IAM    " : "Network"} ${sign} ${text}`,
  );
  const resources = signs.flatMap(([kind, sign, meaning]) =>
    resourceLine(changes.resources, kind, sign, meaning),
  );
  const rest =
    changes.resources.length === 0 && changes.otherChanges
      ? ["~ outputs or descriptions only"]
      : [];
  return [...security, ...resources, ...rest].join("\n");
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
  const what = kind === "add" || ofKind.length > 8 ? typeCounts(ofKind) : names(ofKind);
  return [`${sign} ${count}${meaning}: ${what}`];
}

function names(resources: readonly ResourceChange[]): string {
  return resources.map(({ logicalId, type }) => `${logicalId} (${shortType(type)})`).join(", ");
}

/** `2 IAM Role, Lambda Function`. */
export function typeCounts(resources: readonly { readonly type: string }[]): string {
  const counts = new Map<string, number>();
  for (const { type } of resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .map(([type, count]) => (count === 1 ? shortType(type) : `${count} ${shortType(type)}`))
    .join(", ");
}

/** `AWS::Lambda::CapacityProvider` → `Lambda CapacityProvider`. */
function shortType(type: string): string {
  return type.split("::").slice(-2).join(" ");
}
