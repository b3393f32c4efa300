import type { FaultRule } from "../../../src/local/faults/fault.ts";

/** One kind of trouble, and what `lmi` promises under it: README, "Exit codes", and docs/troubleshooting.md. */
export interface Trouble {
  readonly name: string;
  readonly rule: FaultRule;
  /** Exit codes that are right. */
  readonly codes: readonly number[];
  /** The error code that a failure must have. */
  readonly error?: string;
  /** What the failure must name besides. */
  readonly says?: RegExp;
  /** What must be told although the command succeeds. */
  readonly tells?: RegExp;
}

export const troubles: readonly Trouble[] = [
  { name: "throttled once", rule: { fault: "throttle", times: 1 }, codes: [0] },
  {
    name: "throttled ten times",
    rule: { fault: "throttle", times: 10 },
    // Waits are patient; a single question is asked as often as AWS_MAX_ATTEMPTS says.
    codes: [0, 1],
    error: "LMI_THROTTLED",
    says: /rate|limit|too many/i,
  },
  { name: "broken once (500)", rule: { fault: "error", times: 1 }, codes: [0] },
  { name: "cut off once before anything is done", rule: { fault: "reset", times: 1 }, codes: [0] },
  {
    name: "cut off once in the middle of the answer",
    rule: { fault: "reset", when: "after", times: 1 },
    codes: [0],
  },
  { name: "slow once", rule: { fault: "slow", delayMs: 300, times: 1 }, codes: [0] },
  {
    name: "expired credentials",
    rule: { fault: "expired-token" },
    codes: [5],
    error: "LMI_CREDENTIALS_EXPIRED",
    says: /expired/,
  },
  {
    name: "access denied",
    rule: { fault: "access-denied" },
    codes: [5],
    error: "LMI_ACCESS_DENIED",
    says: /not authorized to perform: \w+:\w+/,
  },
];

/** What a command under one trouble must end with, where it is not what the kind promises; each with its reason. */
interface Exception {
  readonly command: RegExp;
  readonly operation: RegExp;
  readonly trouble: RegExp;
  readonly codes: readonly number[];
  readonly says?: RegExp;
  readonly tells?: RegExp;
  readonly because: string;
}

const deploys = /deploy|update/;

const exceptions: readonly Exception[] = [
  {
    command: /^invoke$/,
    operation: /GetFunctionConfiguration|FilterLogEvents/,
    trouble: /ten times|expired|denied/,
    codes: [0],
    tells: /log lines of this request cannot be read/,
    because: "the answer is there, and worth more than its log lines",
  },
  {
    command: /^status$/,
    operation: /^(?!cloudformation:DescribeStacks)/,
    trouble: /denied/,
    codes: [0],
    because: "all else can be told; the part that cannot is named with its permission on stdout",
  },
  {
    command: /^status$/,
    operation: /FilterLogEvents/,
    trouble: /expired/,
    codes: [0, 5],
    because: "the provider's log is evidence that may be missing, and the last that is asked for",
  },
  {
    command: deploys,
    operation: /DescribeInstances/,
    trouble: /denied/,
    codes: [0],
    because: "deploying needs no permission to look at instances",
  },
  {
    command: deploys,
    operation: /FilterLogEvents/,
    trouble: /denied/,
    codes: [0],
    because:
      "deploying needs no permission to read logs; of environments it then says that they are not known",
  },
  {
    command: deploys,
    operation: /DescribeLogGroups|ListTagsForResource/,
    trouble: /denied/,
    codes: [0],
    because: "of a log group that is in the way CloudFormation tells whoever may not look for it",
  },
  {
    command: deploys,
    operation: /DescribeInstances|FilterLogEvents/,
    trouble: /expired/,
    codes: [0, 5],
    because:
      "deploying needs neither; credentials that have ended end it at the next call that it needs",
  },
  {
    command: deploys,
    operation: /CopyObject/,
    trouble: /expired|denied/,
    codes: [0],
    tells: /rollback.* will not find this code/,
    because: "what was deployed answers; only its copy for a rollback is missing",
  },
  {
    command: /^destroy$/,
    operation: /ListObjectsV2|DeleteObjects/,
    trouble: /expired|denied/,
    codes: [0],
    tells: /Code that was kept .* stays in/,
    because: "the stack is gone; kept code costs next to nothing, and where it lies is said",
  },
  {
    command: deploys,
    operation: /DescribeVpcs/,
    trouble: /ten times|expired|denied/,
    codes: [0],
    because: "that another VPC has the same range is only warned of",
  },
  {
    command: deploys,
    operation: /DescribeStackEvents/,
    trouble: /expired|denied/,
    codes: [0, 5],
    because:
      "the stack's own status decides (aws/aws-cdk-cli issue 1777); events are needed only while it is at work",
  },
  {
    command: deploys,
    operation: /AssumeRole/,
    trouble: /ten times|denied/,
    codes: [0],
    because: "the toolkit library goes on with the caller's own permissions, as cdk does",
  },
  {
    command: deploys,
    operation: /GetBucketEncryption/,
    trouble: /ten times|expired|denied/,
    codes: [0],
    because: "the library uploads without knowing how the bucket encrypts, as cdk does",
  },
  {
    command: deploys,
    operation: /GetBucketLocation/,
    trouble: /denied/,
    codes: [5],
    says: /s3:GetBucketLocation/,
    because: "the library keeps nothing of AWS's words",
  },
];

export function promised(command: string, operation: string, trouble: Trouble): Trouble {
  const found = exceptions.find(
    (each) =>
      each.command.test(command) &&
      each.operation.test(operation) &&
      each.trouble.test(trouble.name),
  );
  if (found === undefined) return trouble;
  const { codes, says, tells } = found;
  return { ...trouble, codes, ...(says ? { says } : {}), ...(tells ? { tells } : {}) };
}
