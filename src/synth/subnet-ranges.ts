/** Ranges of the stack's subnets inside the VPC. They do not move when `azs` or `egress` change. */
export interface SubnetRanges {
  /** One quarter of the VPC for the instances of each zone. */
  readonly instances: readonly [string, string, string];
  /** A quarter of the last quarter, for the NAT gateway of each zone. */
  readonly nat: readonly [string, string, string];
}

export interface Ipv4Range {
  readonly address: number;
  readonly prefix: number;
}

/** undefined when the text is no IPv4 range in CIDR notation, or has bits set behind its prefix. */
export function parseIpv4Range(text: string): Ipv4Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) return undefined;
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return address % 2 ** (32 - prefix) === 0 ? { address, prefix } : undefined;
}

/** The VPC must be /16 to /24: the smallest subnet is a sixteenth of it, and AWS allows none below /28. */
export function subnetRanges(vpcRange: string): SubnetRanges {
  const vpc = parseIpv4Range(vpcRange);
  if (!vpc) throw new TypeError(`not an IPv4 range: ${vpcRange}`);
  const quarter = 2 ** (32 - vpc.prefix - 2);
  const at = (index: number) => formatRange(vpc.address + index * quarter, vpc.prefix + 2);
  const natAt = (index: number) =>
    formatRange(vpc.address + 3 * quarter + (index * quarter) / 4, vpc.prefix + 4);
  return {
    instances: [at(0), at(1), at(2)],
    nat: [natAt(0), natAt(1), natAt(2)],
  };
}

function formatRange(address: number, prefix: number): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${bytes.join(".")}/${prefix}`;
}
