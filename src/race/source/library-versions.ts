/** The first version of a library that stands many requests in one process. */
export interface KnownVersion {
  readonly ecosystem: "npm" | "pypi" | "maven" | "nuget" | "cargo";
  /** Names that it is for; a Maven one is "group:artifact". */
  readonly names: RegExp;
  readonly first: string;
  /** What older ones do. */
  readonly why: string;
  /** Older ones only do that where a certain feature is used. */
  readonly depends?: boolean;
}

const required = (what: string) =>
  `AWS names it as the first version of ${what} for Lambda Managed Instances.`;

/**
 * From the pages of the Lambda developer guide for each runtime ("Lambda Managed Instances for …", 2026-09), and from
 * the changelogs of Powertools. The order counts: the first that a version is older than is told.
 */
export const knownVersions: readonly KnownVersion[] = [
  {
    ecosystem: "npm",
    names: /^@aws-sdk\/(?:client|lib)-/,
    first: "3.933.0",
    why: required("the AWS SDK"),
  },
  {
    ecosystem: "npm",
    names: /^aws-xray-sdk(?:-core)?$/,
    first: "3.12.0",
    why: `${required("the X-Ray SDK")} Older ones keep the segment of the request for the whole process.`,
  },
  {
    ecosystem: "npm",
    names: /^@aws\/aws-distro-opentelemetry-node-autoinstrumentation$/,
    first: "0.8.0",
    why: required("ADOT"),
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\//,
    first: "2.29.0",
    why: `${required("Powertools")} Older ones keep keys, metrics and segments for the whole process.`,
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\/logger$/,
    first: "2.34.0",
    why: "Before 2.34.0 the logger keeps one Lambda context for all requests: lines carry another request's id.",
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\/logger$/,
    first: "2.35.0",
    why: "Before 2.35.0 the log buffer and the sampling decision of one request are those of all others.",
    depends: true,
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\/tracer$/,
    first: "2.34.0",
    why: "Before 2.34.0 the tracer's segments of requests that overlap get mixed up.",
  },
  {
    ecosystem: "pypi",
    names: /^aws-lambda-powertools$/,
    first: "3.23.0",
    why: required("Powertools"),
  },
  {
    ecosystem: "maven",
    names: /^software\.amazon\.awssdk:/,
    first: "2.34.0",
    why: required("the AWS SDK"),
  },
  {
    ecosystem: "maven",
    names: /^com\.amazonaws:aws-xray-recorder-sdk-/,
    first: "2.20.0",
    why: required("the X-Ray SDK"),
  },
  {
    ecosystem: "maven",
    names: /^software\.amazon\.lambda:powertools-/,
    first: "2.8.0",
    why: required("Powertools"),
  },
  {
    ecosystem: "nuget",
    names: /^AWSSDK\.Core$/i,
    first: "4.0.0.32",
    why: required("the AWS SDK"),
  },
  {
    ecosystem: "nuget",
    names: /^AWSXRayRecorder\.Core$/i,
    first: "2.16.0",
    why: required("the X-Ray SDK"),
  },
  {
    ecosystem: "nuget",
    names: /^AWS\.Lambda\.Powertools\./i,
    first: "3.1.0",
    why: required("Powertools"),
  },
  {
    ecosystem: "cargo",
    names: /^lambda_runtime$/,
    first: "1.1.1",
    why: "run_concurrent, which takes more than one request at a time, came with it.",
  },
];

/** Whether a version comes before another; what follows a - or + (alpha, build) does not count. */
export function isOlder(version: string, first: string): boolean {
  const [one, other] = [numbers(version), numbers(first)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbers(version: string): number[] {
  return version
    .replace(/[-+].*$/, "")
    .split(".")
    .map(Number);
}
