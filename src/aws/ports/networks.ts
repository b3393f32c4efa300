/** Which VPC is meant: its id, the tags that it has, or being the region's default one. */
export type VpcSelector =
  | { readonly vpcId: string }
  | { readonly tags: Readonly<Record<string, string>> }
  | { readonly isDefault: true };

export interface VpcDescription {
  readonly vpcId: string;
  readonly subnets: readonly SubnetDescription[];
}

export interface SubnetDescription {
  readonly subnetId: string;
  readonly availabilityZone: string;
  /** Where its default route leads: `nat` is a NAT gateway or anything else that is no internet gateway. */
  readonly route: "nat" | "internet" | "none";
  readonly freeAddresses: number;
}

export interface SubnetPlace {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly freeAddresses: number;
}

export interface VpcAddresses {
  readonly vpcId: string;
  /** IPv4 ranges in CIDR notation that belong to it now. */
  readonly ranges: readonly string[];
}

export interface Networks {
  /** All VPCs that are meant, with their subnets. */
  find(selector: VpcSelector): Promise<readonly VpcDescription[]>;
  /** Where those of the subnets are that exist. */
  subnets(ids: readonly string[]): Promise<readonly SubnetPlace[]>;
  /** The VPCs of those of the security groups that exist. */
  securityGroups(
    ids: readonly string[],
  ): Promise<readonly { readonly groupId: string; readonly vpcId: string }[]>;
  /** Those of the VPCs that exist, or all of them. */
  ranges(vpcIds?: readonly string[]): Promise<readonly VpcAddresses[]>;
}
