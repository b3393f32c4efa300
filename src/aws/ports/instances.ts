export interface ManagedInstance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly availabilityZone: string | undefined;
  readonly state: string;
  readonly launchTime: Date | undefined;
}

export interface Instances {
  /** The instances that Lambda runs for a capacity provider, terminated ones excluded. */
  ofCapacityProvider(capacityProviderArn: string): Promise<readonly ManagedInstance[]>;
}
