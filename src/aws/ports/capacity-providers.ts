import type { LiveProperties } from "./live-properties.ts";

export interface CapacityProviderState {
  readonly name: string;
  readonly arn: string;
  readonly state: string;
  readonly maxVCpuCount: number | undefined;
  readonly architecture: string | undefined;
  readonly subnetIds: readonly string[];
}

export interface CapacityProviders {
  find(nameOrArn: string): Promise<CapacityProviderState | undefined>;
  /** How it is set up now, in the words of AWS::Lambda::CapacityProvider. */
  properties(nameOrArn: string): Promise<LiveProperties | undefined>;
}
