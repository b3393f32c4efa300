import type { RuleIssue } from "./rule-issue.ts";
import type { Settings } from "./settings.ts";

/** What a resource of a template may have (CloudFormation user guide, "Resource attribute reference"). */
const attributes: ReadonlySet<string> = new Set([
  "Condition",
  "CreationPolicy",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "Type",
  "UpdatePolicy",
  "UpdateReplacePolicy",
]);

/** What can be wrong with the escape hatches before anybody knows the stack's resources. */
export function hatchRules(settings: Settings): RuleIssue[] {
  return [
    ...Object.entries(settings.overrides).flatMap(([resource, changes]) =>
      Object.entries(changes).flatMap(([path, value]) => overrideRules(resource, path, value)),
    ),
    ...unknownConditions(settings),
  ];
}

function overrideRules(resource: string, path: string, value: unknown): RuleIssue[] {
  const refusal = pathProblem(path, value);
  if (refusal === undefined) return [];
  return [
    {
      path: ["overrides", resource, path],
      value: undefined,
      message: refusal,
      code: "override-path",
      severity: "error",
    },
  ];
}

function pathProblem(path: string, value: unknown): string | undefined {
  const [attribute = ""] = path.split(".");
  if (!attributes.has(attribute)) {
    return `is no part of a resource: paths begin with ${[...attributes].join(", ")}; did you mean Properties.${path}?`;
  }
  const whole = path === "Type" || path === "Properties";
  return whole && value === null ? "cannot be removed: a resource is nothing without" : undefined;
}

function unknownConditions({ conditions, resources, outputs }: Settings): RuleIssue[] {
  const known = Object.keys(conditions);
  const wrong = (section: "resources" | "outputs", all: Readonly<Record<string, object>>) =>
    Object.entries(all).flatMap(([id, body]): RuleIssue[] => {
      const named: unknown = "Condition" in body ? body.Condition : undefined;
      if (typeof named !== "string" || known.includes(named)) return [];
      return [
        {
          path: [section, id, "Condition"],
          value: named,
          message: `is none of conditions${known.length === 0 ? ": there are none" : `: ${known.join(", ")}`}`,
          code: "condition-unknown",
          severity: "error",
          involves: [["conditions"]],
        },
      ];
    });
  return [...wrong("resources", resources), ...wrong("outputs", outputs)];
}
