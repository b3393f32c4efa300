import { deployedFunctionName } from "./names.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { FunctionSettings, Settings } from "./settings.ts";

/** What asynchronous requests come to, beyond what each setting says by itself. */
export function asyncRules(settings: Settings, name: string, own: FunctionSettings): RuleIssue[] {
  return [...twiceRule(name, own), ...loopRule(settings, name, own)];
}

function twiceRule(name: string, { deadLetterArn, asyncInvoke }: FunctionSettings): RuleIssue[] {
  if (deadLetterArn === undefined || asyncInvoke?.onFailure === undefined) return [];
  return [
    {
      path: ["functions", name, "deadLetterArn"],
      value: deadLetterArn,
      message: "gets each failed request besides asyncInvoke.onFailure, and without the error",
      code: "async-failure-twice",
      severity: "warning",
      involves: [["functions", name, "asyncInvoke"]],
    },
  ];
}

function loopRule(
  { environment, region }: Settings,
  name: string,
  { asyncInvoke }: FunctionSettings,
): RuleIssue[] {
  if (!asyncInvoke) return [];
  const own = deployedFunctionName(name, environment);
  return (["onSuccess", "onFailure"] as const)
    .filter((key) => isFunction(asyncInvoke[key], own, region))
    .map((key) => ({
      path: ["functions", name, "asyncInvoke", key],
      value: asyncInvoke[key],
      message: "is the function itself, in this account: each record would be its next request",
      code: "async-destination-self",
      severity: "warning",
    }));
}

function isFunction(arn: string | undefined, name: string, region: string | undefined): boolean {
  const [, , service, place, , , named] = arn?.split(":") ?? [];
  return service === "lambda" && named === name && (region === undefined || place === region);
}
