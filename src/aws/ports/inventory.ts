import type { CapacityProviderState } from "./capacity-providers.ts";
import type { ManagedInstance } from "./instances.ts";
import type { StackState } from "./stacks.ts";

/** What says which tool made a stack. */
export interface StackOrigin {
  /** `AWS::Serverless-2016-10-31` for SAM. */
  readonly transforms: readonly string[];
  readonly resourceTypes: readonly string[];
  readonly parameters: readonly string[];
}

/** Everything of Managed Instances in one account and region, whoever made it. */
export interface Inventory {
  /** All stacks, deleted ones excluded. */
  stacks(): Promise<readonly StackState[]>;
  /** undefined when there is no such stack. */
  stackOrigin(nameOrId: string): Promise<StackOrigin | undefined>;
  /** Counts as a read of capacity providers: 15 a second for an account. */
  capacityProviders(): Promise<readonly CapacityProviderState[]>;
  /** Tags of a capacity provider; none where it is gone. */
  providerTags(arn: string): Promise<Readonly<Record<string, string>>>;
  /** The instances that Lambda runs, by the ARN of their capacity provider; terminated ones excluded. */
  instances(): Promise<ReadonlyMap<string, readonly ManagedInstance[]>>;
}
