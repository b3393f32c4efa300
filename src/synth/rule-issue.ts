/** Issues as errors tell them: counted, and each with its dotted path. */
export function toldIssues(issues: readonly RuleIssue[]) {
  return {
    count: issues.length === 1 ? "1 problem" : `${issues.length} problems`,
    problems: issues.map(({ path, value, code, message }) => ({
      path: path.join("."),
      value,
      code,
      message,
    })),
  };
}

/** Something that the schema of single settings cannot see. */
export interface RuleIssue {
  readonly path: readonly string[];
  readonly value: unknown;
  /** Continues the name of the setting: `must be …`. */
  readonly message: string;
  readonly code: string;
  /** Warnings are shown and stop nothing. */
  readonly severity: "error" | "warning";
  /** Other settings that the rule read. */
  readonly involves?: readonly (readonly string[])[];
}
