import { parameterScope } from "./conditions.ts";
import { evaluate } from "./evaluate.ts";
import { validationError } from "./template.ts";
import type { Template } from "./template.ts";

/** Checks the template's rules against the parameters; all failed assertions in one ValidationError. */
export function checkRules(template: Template, parameter: (name: string) => unknown): void {
  const scope = parameterScope(parameter, template.Mappings, () => false);
  const failed: string[] = [];
  for (const [name, rule] of Object.entries(template.Rules)) {
    if (rule.RuleCondition !== undefined && evaluate(rule.RuleCondition, scope) !== true) continue;
    for (const { Assert, AssertDescription } of rule.Assertions ?? []) {
      if (evaluate(Assert, scope) !== true) {
        failed.push(`Rule ${name}: ${AssertDescription ?? "assertion failed"}`);
      }
    }
  }
  if (failed.length > 0) {
    throw validationError(`Template failed to satisfy rule constraints. ${failed.join("; ")}`);
  }
}
