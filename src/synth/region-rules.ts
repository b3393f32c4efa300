import { nearest } from "./nearest.ts";
import { commercialRegions, regionsWithout } from "./regions.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { Settings } from "./settings.ts";

/** What the region in the settings says of itself and of what lies elsewhere; nothing where it is left to the command. */
export function regionRules(settings: Settings): RuleIssue[] {
  const { region, capacity, capacityProviders, functions } = settings;
  if (region === undefined) return [];
  const own = { capacity, capacityProviders, functions };
  return [...namedRegion(region), ...arnsOf(own, []).flatMap((arn) => elsewhere(arn, region))];
}

function namedRegion(region: string): RuleIssue[] {
  const issue = { path: ["region"], value: region, severity: "warning" as const };
  if (regionsWithout.has(region))
    return [{ ...issue, message: "has no Managed Instances", code: "region-without" }];
  if (commercialRegions.includes(region) || isOtherPartition(region)) return [];
  const meant = nearest(region, commercialRegions);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return [
    { ...issue, message: `is no region that is known in 2026-11${hint}`, code: "region-unknown" },
  ];
}

/** China and the sovereign partitions have regions of their own. */
function isOtherPartition(region: string): boolean {
  return /^(cn|eusc|us-(gov|iso\w*))-/.test(region);
}

interface FoundArn {
  readonly path: readonly string[];
  readonly arn: string;
}

/** What code and the user's statements name may well lie elsewhere; of destinations AWS's documentation does not say it. */
const mayBeElsewhere: ReadonlySet<string> = new Set(["environment", "policies", "asyncInvoke"]);

function arnsOf(value: unknown, path: readonly string[]): FoundArn[] {
  if (typeof value === "string") return value.startsWith("arn:") ? [{ path, arn: value }] : [];
  if (typeof value !== "object" || value === null) return [];
  // A topic may call functions of other regions (Amazon SNS developer guide, sns-cross-region-delivery).
  if ("type" in value && value.type === "sns") return [];
  return Object.entries(value)
    .filter(([key]) => !mayBeElsewhere.has(key))
    .flatMap(([key, inner]) => arnsOf(inner, [...path, key]));
}

function elsewhere({ path, arn }: FoundArn, region: string): RuleIssue[] {
  const [, , , its = ""] = arn.split(":");
  if (its === "" || its === region) return [];
  return [
    {
      path,
      value: arn,
      message: `is in ${its}, and the stack in ${region}: it must be in the same region`,
      code: "arn-region",
      severity: "error",
      involves: [["region"]],
    },
  ];
}
