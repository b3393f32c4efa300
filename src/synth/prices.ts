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
} as const;

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
