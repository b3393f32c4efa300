import { ExitCode, LmiError } from "../errors.ts";
import { type RuleIssue, toldIssues } from "./rule-issue.ts";

/** Settings that mean something which the stack does not have, or has already: LMI_SETTINGS_INVALID. */
export class StackIssuesError extends LmiError {
  readonly issues: readonly RuleIssue[];

  constructor(issues: readonly RuleIssue[]) {
    const { count, problems } = toldIssues(issues);
    super("LMI_SETTINGS_INVALID", `The settings have ${count} with the stack`, {
      why: issues.map(layOut).join("\n"),
      exitCode: ExitCode.usage,
      details: { problems },
    });
    this.issues = issues;
  }
}

/** All at once, where there are any. */
export function refuseIssues(issues: readonly RuleIssue[]): void {
  if (issues.length > 0) throw new StackIssuesError(issues);
}

function layOut({ path, value, message }: RuleIssue): string {
  return `${path.join(".")}${value === undefined ? "" : `  ${JSON.stringify(value)}`}\n    ${message}`;
}
