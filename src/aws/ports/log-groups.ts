/** A log group as CloudWatch has it. */
export interface LogGroupState {
  readonly name: string;
  /** undefined: lines stay for ever. */
  readonly retentionInDays: number | undefined;
  readonly kmsKeyId: string | undefined;
  readonly logGroupClass: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogGroups {
  /** undefined where there is none of this name. */
  find(name: string): Promise<LogGroupState | undefined>;
}
