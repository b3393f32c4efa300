export interface NetworkInterface {
  readonly networkInterfaceId: string;
  readonly subnetId: string | undefined;
  readonly groupIds: readonly string[];
  readonly status: string;
  readonly description: string | undefined;
  /** `interface`, `nat_gateway`, `vpc_endpoint`, `lambda`, … */
  readonly interfaceType: string | undefined;
  readonly instanceId: string | undefined;
  /** Lambda made it, for managed instances or for functions in a VPC. */
  readonly byLambda: boolean;
  /** From its tag; undefined where it has none. */
  readonly capacityProviderArn: string | undefined;
}

export interface NetworkInterfaces {
  /** Those in any of the subnets, or with any of the security groups; what does not exist has none. */
  inNetwork(network: {
    readonly subnetIds: readonly string[];
    readonly groupIds: readonly string[];
  }): Promise<readonly NetworkInterface[]>;
}
