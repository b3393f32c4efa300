/** What CloudFormation was told to do with a resource. */
export interface PlannedChange {
  readonly logicalId: string;
  readonly type: string;
  /** `Add`, `Modify`, `Remove`, `Import` or `Dynamic`. */
  readonly action: string;
}

export interface ChangeSets {
  /**
   * What the change set plans that a stack executed last, or executes now. undefined where it had none, or where
   * CloudFormation no longer shows it.
   */
  executed(stackNameOrId: string): Promise<readonly PlannedChange[] | undefined>;
}
