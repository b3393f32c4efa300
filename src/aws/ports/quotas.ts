/** An instance that counts against EC2's quota of vCPUs. */
export interface RunningInstance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly vCpus: number;
  /** Set where Lambda runs it. */
  readonly capacityProviderArn: string | undefined;
}

export interface Quotas {
  /** What Service Quotas has for this account and region; undefined: it knows no such quota. */
  value(serviceCode: string, quotaCode: string): Promise<number | undefined>;
  /** Instances on demand that are pending or running. */
  running(): Promise<readonly RunningInstance[]>;
  capacityProviders(): Promise<number>;
}
