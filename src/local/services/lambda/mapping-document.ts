/** What calls a function by polling (event source mapping), as it is kept. */
export interface MappingDocument {
  readonly uuid: string;
  readonly functionName: string;
  /** As the mapping names it; without one it is `$LATEST.PUBLISHED` that runs. */
  readonly qualifier: string | undefined;
  readonly kind: MappingKind;
  readonly enabled: boolean;
  readonly state: MappingState;
  readonly reason: string;
  /** Milliseconds. */
  readonly lastModified: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly settings: MappingSettings;
}

/** Sources that managed instances can have (Lambda developer guide, lambda-managed-instances-quotas). */
export type MappingKind = "sqs" | "kinesis" | "dynamodb" | "kafka";

export type MappingState =
  | "Creating"
  | "Enabling"
  | "Enabled"
  | "Disabling"
  | "Disabled"
  | "Updating"
  | "Deleting";

/** Members of the API that are kept as they were given; times in seconds. */
export interface MappingSettings {
  readonly EventSourceArn?: string | undefined;
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds?: number | undefined;
  readonly FunctionResponseTypes?: readonly string[] | undefined;
  readonly FilterCriteria?: { readonly Filters?: readonly { readonly Pattern?: string }[] };
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number } | undefined;
  readonly StartingPositionTimestamp?: number | undefined;
  readonly [member: string]: unknown;
}

/** When nothing changes it: it polls, or it does not. */
export const isSettled = ({ state }: MappingDocument) =>
  state === "Enabled" || state === "Disabled";
