/** On-demand prices of us-east-1 in US dollars, Linux, before tax. Raise the date when a number changes. */
export const prices = {
  region: "us-east-1",
  date: "2026-04",
  /** AWS Lambda pricing, Managed Instances: on the on-demand price, whatever discount the instance has. */
  managementFee: 0.15,
  hoursPerMonth: 730,
  /** Amazon VPC pricing, for each hour. */
  natGatewayHour: 0.045,
  interfaceEndpointHour: 0.01,
  publicAddressHour: 0.005,
  /** Amazon VPC pricing, for each GB through a NAT gateway. */
  natGigabyte: 0.045,
  /** Amazon EBS pricing, gp3, for each GB and month. */
  volumeGigabyteMonth: 0.08,
  /** Amazon CloudWatch pricing, for each GB of logs taken in. */
  logGigabyte: 0.5,
  /** AWS Lambda pricing, of managed instances and ordinary functions alike. */
  millionRequests: 0.2,
  /** AWS Lambda pricing, ordinary functions, for each GB and second (first tier). */
  gigabyteSecond: { x86_64: 0.0000166667, arm64: 0.0000133333 },
} as const;

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

/** The types whose price is known: a part of those that Managed Instances use. */
export const instanceTypes: readonly InstanceType[] = families.flatMap(
  ({ family, architecture, memoryPerVCpu, hourlyPerVCpu }) =>
    sizes
      // C instances begin at xlarge, M and R at large (AWS's Managed Instances guidance of August 2026).
      .filter(([size]) => !(family.startsWith("c") && size === "large"))
      .map(([size, vCpus]) => ({
        name: `${family}.${size}`,
        architecture,
        vCpus,
        memoryGiB: vCpus * memoryPerVCpu,
        hourly: vCpus * hourlyPerVCpu,
      })),
);
