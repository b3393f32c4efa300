/** How what runs in a subnet gets out of it. */
export interface SubnetEgress {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  /** IPv4 range. */
  readonly cidr: string;
  readonly freeAddresses: number;
  /** Instances get a public IPv4 address by themselves. */
  readonly publicAddresses: boolean;
  /** The default route of IPv4, if any: `nat-…`, `igw-…`, `tgw-…`, or whatever else it leads to. */
  readonly route: string | undefined;
  /** A default route whose target is gone, or a NAT gateway that is not available. */
  readonly routeBroken: string | undefined;
}

/** An interface endpoint of a VPC. */
export interface InterfaceEndpoint {
  readonly endpointId: string;
  readonly vpcId: string;
  /** `com.amazonaws.us-east-1.logs`. */
  readonly serviceName: string;
  /** `available`, as EC2 writes it in small letters. */
  readonly state: string;
  readonly privateDns: boolean;
  readonly securityGroupIds: readonly string[];
}

/** What a security group lets in, or out, on one port. */
export interface PortRule {
  readonly groupId: string;
  /** IPv4 ranges. */
  readonly ranges: readonly string[];
  /** Security groups. */
  readonly groups: readonly string[];
  /** Prefix lists and IPv6 ranges: whom they mean is not looked up. */
  readonly others: readonly string[];
}

export interface Egress {
  /** Those of the subnets that exist. */
  subnets(ids: readonly string[]): Promise<readonly SubnetEgress[]>;
  endpoints(vpcIds: readonly string[]): Promise<readonly InterfaceEndpoint[]>;
  /** Of TCP port 443, one for each security group that exists. */
  https(groupIds: readonly string[], direction: "in" | "out"): Promise<readonly PortRule[]>;
}
