/** What the local target knows of an EC2 instance type. */
export interface InstanceTypeInfo {
  readonly instanceType: string;
  readonly vCpus: number;
  readonly memoryGiB: number;
  readonly architecture: "x86_64" | "arm64";
}

const sizeVCpus = {
  medium: 1,
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
  "8xlarge": 32,
  "9xlarge": 36,
  "12xlarge": 48,
  "16xlarge": 64,
  "18xlarge": 72,
  "24xlarge": 96,
  "32xlarge": 128,
  "48xlarge": 192,
  "96xlarge": 384,
} as const;
type Size = keyof typeof sizeVCpus;

const upTo16: readonly Size[] = [
  "large",
  "xlarge",
  "2xlarge",
  "4xlarge",
  "8xlarge",
  "12xlarge",
  "16xlarge",
];
const upTo24: readonly Size[] = [...upTo16, "24xlarge"];
const upTo32: readonly Size[] = [...upTo24, "32xlarge"];
const upTo48: readonly Size[] = [...upTo32, "48xlarge"];
const to24And48: readonly Size[] = [...upTo24, "48xlarge"];
const c5: readonly Size[] = [
  "large",
  "xlarge",
  "2xlarge",
  "4xlarge",
  "9xlarge",
  "12xlarge",
  "18xlarge",
  "24xlarge",
];

/**
 * Generations of the C, M and R families with their sizes (DescribeInstanceTypes, us-east-1, 2026).
 * The letter gives the memory: 2 GiB (C), 4 GiB (M), 8 GiB (R) per vCPU. Sizes of the ninth generation are those
 * of the eighth; bare metal is left out because Lambda Managed Instances does not use it.
 */
const generations: readonly {
  readonly suffix: string;
  readonly letters: string;
  readonly architecture: InstanceTypeInfo["architecture"];
  readonly sizes: readonly Size[];
}[] = [
  { suffix: "5", letters: "c", architecture: "x86_64", sizes: c5 },
  { suffix: "5", letters: "mr", architecture: "x86_64", sizes: upTo24 },
  { suffix: "5a", letters: "cmr", architecture: "x86_64", sizes: upTo24 },
  { suffix: "6a", letters: "cmr", architecture: "x86_64", sizes: upTo48 },
  { suffix: "6g", letters: "cmr", architecture: "arm64", sizes: ["medium", ...upTo16] },
  { suffix: "6gd", letters: "cmr", architecture: "arm64", sizes: ["medium", ...upTo16] },
  { suffix: "6i", letters: "cmr", architecture: "x86_64", sizes: upTo32 },
  { suffix: "6id", letters: "cmr", architecture: "x86_64", sizes: upTo32 },
  { suffix: "7a", letters: "cmr", architecture: "x86_64", sizes: ["medium", ...upTo48] },
  { suffix: "7g", letters: "cmr", architecture: "arm64", sizes: ["medium", ...upTo16] },
  { suffix: "7gd", letters: "cmr", architecture: "arm64", sizes: ["medium", ...upTo16] },
  { suffix: "7i", letters: "cmr", architecture: "x86_64", sizes: to24And48 },
  { suffix: "8a", letters: "cmr", architecture: "x86_64", sizes: ["medium", ...to24And48] },
  { suffix: "8g", letters: "cmr", architecture: "arm64", sizes: ["medium", ...to24And48] },
  { suffix: "8gd", letters: "cmr", architecture: "arm64", sizes: ["medium", ...to24And48] },
  { suffix: "8i", letters: "cmr", architecture: "x86_64", sizes: [...upTo48, "96xlarge"] },
  { suffix: "9g", letters: "cm", architecture: "arm64", sizes: ["medium", ...to24And48] },
  { suffix: "9gd", letters: "cm", architecture: "arm64", sizes: ["medium", ...to24And48] },
];

const gibPerVCpu: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

function buildTable(): ReadonlyMap<string, InstanceTypeInfo> {
  const table = new Map<string, InstanceTypeInfo>();
  for (const { suffix, letters, architecture, sizes } of generations) {
    for (const letter of letters) {
      for (const size of sizes) {
        const instanceType = `${letter}${suffix}.${size}`;
        const vCpus = sizeVCpus[size];
        table.set(instanceType, {
          instanceType,
          vCpus,
          memoryGiB: vCpus * (gibPerVCpu[letter] ?? 0),
          architecture,
        });
      }
    }
  }
  return table;
}

/** The instance types of the local target by name: the C, M and R families, from which LMI chooses. */
export const instanceTypeTable: ReadonlyMap<string, InstanceTypeInfo> = buildTable();
