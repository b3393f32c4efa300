/** AWS Lambda pricing, Managed Instances: on the on-demand price, whatever discount the instance has. In no price list. */
export const managementFee = 0.15;

/** As AWS's price pages count a month. */
export const hoursPerMonth = 730;

/** On-demand prices of one region in US dollars, Linux, shared tenancy, before tax; where prices have steps, the first one. */
export interface PriceList {
  /** `table` is the one in this package, `aws` what the AWS Price List API answered. */
  readonly source: "table" | "aws";
  readonly region: string;
  /** When they held: a month of the table, a day of AWS's answer. */
  readonly date: string;
  /** For each hour. */
  readonly natGatewayHour: number;
  readonly interfaceEndpointHour: number;
  readonly publicAddressHour: number;
  /** For each GB through a NAT gateway, and through an interface endpoint. */
  readonly natGigabyte: number;
  readonly endpointGigabyte: number;
  /** For each GB to the internet (first step; the 100 GB a month that an account has free are not taken off). */
  readonly internetGigabyte: number;
  /** For each GB that crosses zones, in and out together. */
  readonly zoneGigabyte: number;
  /** For each GB and month of an EBS volume of type gp3. */
  readonly volumeGigabyteMonth: number;
  /** For each hour of an event poller unit: of SQS one poller, of Kafka up to ten. */
  readonly sqsPollerUnitHour: number;
  readonly kafkaPollerUnitHour: number;
  /** For each GB of logs taken in. */
  readonly logGigabyte: number;
  /** Of managed instances and ordinary functions alike. */
  readonly millionRequests: number;
  /** Ordinary functions, for each GB and second (first tier). */
  readonly gigabyteSecond: Readonly<Record<InstanceType["architecture"], number>>;
  /** The types whose price is known: a part of those that Managed Instances use. */
  readonly instanceTypes: readonly InstanceType[];
}

/**
 * Compute Savings Plans, as AWS's Managed Instances calculator counts them: a part of the EC2 price, never of the fee.
 * Lambda's own plans take 12 % off the GB-seconds of ordinary functions.
 */
export const savingsPlans = [
  { name: "on demand", ec2Discount: 0 },
  { name: "1 year", ec2Discount: 0.32 },
  { name: "3 years", ec2Discount: 0.65 },
] as const;

export interface InstanceType {
  readonly name: string;
  readonly architecture: "x86_64" | "arm64";
  readonly vCpus: number;
  readonly memoryGiB: number;
  /** EC2 on-demand, without the management fee. */
  readonly hourly: number;
}

/** Amazon EC2 on-demand pricing; within a family the price grows with the vCPUs. */
const families = [
  { family: "c6g", architecture: "arm64", memoryPerVCpu: 2, hourlyPerVCpu: 0.034 },
  { family: "c7g", architecture: "arm64", memoryPerVCpu: 2, hourlyPerVCpu: 0.03625 },
  { family: "c8g", architecture: "arm64", memoryPerVCpu: 2, hourlyPerVCpu: 0.03988 },
  { family: "c6i", architecture: "x86_64", memoryPerVCpu: 2, hourlyPerVCpu: 0.0425 },
  { family: "c7i", architecture: "x86_64", memoryPerVCpu: 2, hourlyPerVCpu: 0.044625 },
  { family: "m6g", architecture: "arm64", memoryPerVCpu: 4, hourlyPerVCpu: 0.0385 },
  { family: "m7g", architecture: "arm64", memoryPerVCpu: 4, hourlyPerVCpu: 0.0408 },
  { family: "m8g", architecture: "arm64", memoryPerVCpu: 4, hourlyPerVCpu: 0.04488 },
  { family: "m5", architecture: "x86_64", memoryPerVCpu: 4, hourlyPerVCpu: 0.048 },
  { family: "m6i", architecture: "x86_64", memoryPerVCpu: 4, hourlyPerVCpu: 0.048 },
  { family: "m7i", architecture: "x86_64", memoryPerVCpu: 4, hourlyPerVCpu: 0.0504 },
  { family: "r7g", architecture: "arm64", memoryPerVCpu: 8, hourlyPerVCpu: 0.05355 },
  { family: "r8g", architecture: "arm64", memoryPerVCpu: 8, hourlyPerVCpu: 0.0589 },
  { family: "r7i", architecture: "x86_64", memoryPerVCpu: 8, hourlyPerVCpu: 0.06615 },
] as const;

const sizes = [
  ["large", 2],
  ["xlarge", 4],
  ["2xlarge", 8],
  ["4xlarge", 16],
  ["8xlarge", 32],
  ["12xlarge", 48],
  ["16xlarge", 64],
] as const;

/** Raise the date when a number changes. */
export const tablePrices: PriceList = {
  source: "table",
  region: "us-east-1",
  date: "2026-04",
  // Amazon VPC pricing.
  natGatewayHour: 0.045,
  interfaceEndpointHour: 0.01,
  publicAddressHour: 0.005,
  natGigabyte: 0.045,
  // AWS PrivateLink pricing, first step.
  endpointGigabyte: 0.01,
  // Amazon EC2 on-demand pricing, data transfer.
  internetGigabyte: 0.09,
  zoneGigabyte: 0.02,
  // Amazon EBS pricing.
  volumeGigabyteMonth: 0.08,
  // Amazon CloudWatch pricing.
  logGigabyte: 0.5,
  // AWS Lambda pricing.
  sqsPollerUnitHour: 0.00925,
  kafkaPollerUnitHour: 0.185,
  millionRequests: 0.2,
  gigabyteSecond: { x86_64: 0.0000166667, arm64: 0.0000133333 },
  instanceTypes: families.flatMap(({ family, architecture, memoryPerVCpu, hourlyPerVCpu }) =>
    sizes.map(([size, vCpus]) => ({
      name: `${family}.${size}`,
      architecture,
      vCpus,
      memoryGiB: vCpus * memoryPerVCpu,
      hourly: vCpus * hourlyPerVCpu,
    })),
  ),
};

/**
 * Whether Lambda takes a type where none is named: C instances begin at xlarge, M and R at large (AWS's Managed
 * Instances guidance of August 2026; its launch said large for all, so that a smaller one may be allowed by name).
 */
export function isUsual({ name, vCpus }: Pick<InstanceType, "name" | "vCpus">): boolean {
  return vCpus >= (name.startsWith("c") ? 4 : 2);
}

/** What a cost is reckoned with. */
export interface CostBasis {
  readonly prices: PriceList;
  /** GB of EBS volume of each instance. AWS publishes no size: undefined leaves volumes uncounted. */
  readonly volumeGigabytes?: number | undefined;
}

export const tableBasis: CostBasis = { prices: tablePrices };

/** `c7g` of `c7g.xlarge`. */
export function familyOf(instanceType: string): string {
  return instanceType.slice(0, Math.max(0, instanceType.indexOf(".")));
}
