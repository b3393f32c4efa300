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
