/** The first version of a library that stands many requests in one process. */
export interface KnownVersion {
  readonly ecosystem: "npm" | "pypi" | "maven" | "nuget" | "cargo";
  /** Names that it is for; a Maven one is "group:artifact". */
  readonly names: RegExp;
  /** Nothing: there is none yet. */
  readonly first?: string;
  /** What older ones do. */
  readonly why: string;
  /** Older ones only do that where a certain feature is used. */
  readonly depends?: boolean;
  /** What to do where an update does not mend it. */
  readonly mend?: string;
  /** Where that is said: a page, or the change that mended it. */
  readonly source: string;
}

const required = (what: string) =>
  `AWS names it as the first version of ${what} for Lambda Managed Instances.`;

/** A page of the Lambda developer guide that names first versions, as of 2026-09. */
const guide = (runtime: string) =>
  `https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-${runtime}-runtime.html`;
const powertools = (change: number) =>
  `https://github.com/aws-powertools/powertools-lambda-typescript/pull/${change}`;

/**
 * First versions, each read at its source: the developer guide, and for what older ones do the changes themselves. The
 * order counts: the first that a version is older than is told.
 */
export const knownVersions: readonly KnownVersion[] = [
  {
    ecosystem: "npm",
    names: /^@aws-sdk\/(?:client|lib)-/,
    first: "3.933.0",
    // The runtime client sets _X_AMZN_TRACE_ID only where requests come one by one. The store came to the SDK in its
    // present form with https://github.com/aws/aws-sdk-js-v3/pull/7506, the day before 3.933.0.
    why: `${required("the AWS SDK")} Older ones look for the request's trace id in an environment variable, or in an earlier form of the runtime's store: calls that go without it are not counted when AWS stops loops.`,
    source: guide("nodejs"),
  },
  {
    ecosystem: "npm",
    names: /^aws-xray-sdk(?:-core)?$/,
    first: "3.12.0",
    // 3.10: process.env alone; 3.11: a copy of the store in the package; 3.12.0: the store of the runtime.
    why: `${required("the X-Ray SDK")} Older ones do not ask the runtime for the trace id of the request, but an environment variable or a store of their own.`,
    source: "https://github.com/aws/aws-xray-sdk-node/pull/732",
  },
  {
    ecosystem: "npm",
    names: /^aws-xray-sdk-core$/,
    why: "In Lambda it keeps one active segment, with one trace id, for all requests of a worker: subsegments and annotations of requests that overlap land in each other's traces.",
    depends: true,
    mend: "Trace with ADOT, or with Tracer of Powertools from 2.34.0 on.",
    source: "https://github.com/aws/aws-xray-sdk-node/issues/760",
  },
  {
    ecosystem: "npm",
    names: /^@aws\/aws-distro-opentelemetry-node-autoinstrumentation$/,
    first: "0.8.0",
    why: `${required("ADOT")} Older ones take the trace id from an environment variable, not from the request's context.`,
    source: "https://github.com/aws-observability/aws-otel-js-instrumentation/pull/259",
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\/logger$/,
    first: "2.29.0",
    why: `${required("Powertools")} Older ones keep one set of a request's keys for all requests.`,
    source: powertools(4668),
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\/metrics$/,
    first: "2.29.0",
    why: `${required("Powertools")} Older ones keep one set of metrics and dimensions for all requests.`,
    source: powertools(4694),
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\/batch$/,
    first: "2.29.0",
    why: `${required("Powertools")} Older ones keep the records and failures of one batch for all requests.`,
    source: powertools(4700),
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\/logger$/,
    first: "2.34.0",
    why: "Before 2.34.0 the logger keeps one Lambda context for all requests: lines carry another request's id.",
    source: powertools(5430),
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\/logger$/,
    first: "2.35.0",
    // The buffer: pull request 5543. Sampling: 5544.
    why: "Before 2.35.0 the first line of one request empties the log buffer of all others, and the debug level that sampling sets for one is that of all.",
    depends: true,
    source: powertools(5543),
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\/tracer$/,
    first: "2.34.0",
    // The segments of its middy middleware: pull request 5444.
    why: "Before 2.34.0 the tracer keeps one active segment for all requests: annotations, answers and errors land in another request's trace.",
    source: powertools(5446),
  },
  {
    ecosystem: "npm",
    names: /^@aws-lambda-powertools\//,
    first: "2.29.0",
    why: required("Powertools"),
    // Its changelog names no other package that keeps what is a request's.
    depends: true,
    source: guide("nodejs"),
  },
  {
    ecosystem: "pypi",
    names: /^aws-lambda-powertools$/,
    first: "3.23.0",
    why: required("Powertools"),
    source: guide("python"),
  },
  {
    ecosystem: "maven",
    names: /^software\.amazon\.awssdk:/,
    first: "2.34.0",
    why: required("the AWS SDK"),
    source: guide("java"),
  },
  {
    ecosystem: "maven",
    names: /^com\.amazonaws:aws-xray-recorder-sdk-/,
    first: "2.20.0",
    why: required("the X-Ray SDK"),
    source: guide("java"),
  },
  {
    ecosystem: "maven",
    names: /^software\.amazon\.lambda:powertools-/,
    first: "2.8.0",
    why: required("Powertools"),
    source: guide("java"),
  },
  {
    ecosystem: "nuget",
    names: /^AWSSDK\.Core$/i,
    first: "4.0.0.32",
    why: required("the AWS SDK"),
    source: guide("dotnet"),
  },
  {
    ecosystem: "nuget",
    names: /^AWSXRayRecorder\.Core$/i,
    first: "2.16.0",
    why: required("the X-Ray SDK"),
    source: guide("dotnet"),
  },
  {
    ecosystem: "nuget",
    names: /^AWS\.Lambda\.Powertools\./i,
    first: "3.1.0",
    why: required("Powertools"),
    source: guide("dotnet"),
  },
  {
    ecosystem: "cargo",
    names: /^lambda_runtime$/,
    first: "1.1.1",
    why: "run_concurrent, which takes more than one request at a time, came with it.",
    source: "https://docs.rs/crate/lambda_runtime/latest/source/CHANGELOG.md",
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
