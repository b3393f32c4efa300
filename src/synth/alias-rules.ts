import { minimumOf, versionsOf } from "./environments.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { FunctionSettings } from "./settings.ts";

/** What a version costs that an alias is at: told to everybody who asks for one. */
export function aliasRules(name: string, own: FunctionSettings): RuleIssue[] {
  const minimum = minimumOf(own);
  if (versionsOf(own) === 1 || minimum === 0) return [];
  const [alias] = Object.entries(own.aliases).find(([, target]) => target === "version") ?? [];
  return [
    {
      path: ["functions", name, "aliases", alias ?? ""],
      value: "version",
      message: `runs a version of its own beside $LATEST.PUBLISHED: ${minimum} more execution environments all the time, and as many again while a new version takes over`,
      code: "alias-version-costs",
      severity: "warning",
      involves: [["functions", name, "minEnvironments"]],
    },
  ];
}
