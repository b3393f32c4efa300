import type { ErrorCode } from "../errors.ts";

/** What a reason code of Lambda means for a person. */
export interface ReasonExplanation {
  readonly code: ErrorCode;
  /** What happened, as the end of a sentence about a function: `its code failed while it was loading`. */
  readonly what: string;
  readonly why: string;
  readonly next: string;
  /** What mends it where the function's log is gone, as after the rollback of a first deploy. */
  readonly nextWithoutLog?: string;
  /** Whose log has the evidence. */
  readonly log?: "function" | "provider";
}

const capacityLimit: ReasonExplanation = {
  code: "LMI_CAPACITY_LIMIT",
  what: "its capacity provider may not start another instance",
  why: "Each instance keeps 1 vCPU for itself, and replacing one needs room for it.",
  next: "Raise the cap, e.g.: lmi deploy --max-vcpu 60",
  log: "provider",
};

const ec2Quota: ReasonExplanation = {
  code: "LMI_EC2_QUOTA",
  what: "the account's EC2 vCPU quota is used up",
  why: "The quota counts all instances of this family in the region, those of managed instances too.",
  next: "Ask AWS for more vCPUs (Service Quotas, Amazon EC2), then: lmi deploy",
  log: "provider",
};

const initFailed: ReasonExplanation = {
  code: "LMI_INIT_FAILED",
  what: "its code failed while it was loading",
  why: "This is before any request. Every environment of the minimum must load once.",
  next: "lmi logs --since 15m   (shows what it wrote)",
  nextWithoutLog: "Mend the code, then: lmi deploy   (what it wrote went with its log group)",
  log: "function",
};

/** Lambda developer guide, lambda-managed-instances-quotas: 100, fixed. */
const versionLimit: ReasonExplanation = {
  code: "LMI_VERSION_LIMIT",
  what: "its capacity provider takes no more versions",
  why: "A capacity provider takes 100 versions, those of all its functions together, and AWS raises that for nobody.",
  next: "Delete versions that nobody calls (lmi versions lists them), or move functions to another one of capacityProviders, then: lmi deploy",
};

/** A cause that has no code of its own: what happened says enough. */
const versionFailed = (what: string, why: string, next: string): ReasonExplanation => ({
  code: "LMI_VERSION_FAILED",
  what,
  why,
  next,
});

const networkGone = (what: string) =>
  versionFailed(
    `a ${what} of its capacity provider does not exist`,
    "Somebody has deleted it outside of the stack, or it belongs to another account or region.",
    `Name one that exists in the settings (network), or let lmi make the network, then: lmi deploy`,
  );

const key = (what: string) =>
  versionFailed(
    `its KMS key ${what}`,
    "The key of kmsKeyArn encrypts environment variables or volumes, and Lambda must be able to use it.",
    "Mend the key and its policy, or name another one, then: lmi deploy",
  );

const internalError: ReasonExplanation = {
  code: "LMI_LAMBDA_INTERNAL",
  what: "Lambda met an internal error",
  why: "Besides passing trouble, Lambda says so where lambda:PassCapacityProvider is missing for who deploys (the caller, or the role that CloudFormation works with), and where the capacity provider is not Active.",
  next: "lmi doctor   (looks at permissions), then: lmi deploy",
  log: "provider",
};

/** The next command of an explanation, with the function whose log it means: a project may have several. */
export function nextFor(next: string | undefined, functionName: string | undefined) {
  if (functionName === undefined) return next;
  return next?.replace(/^lmi logs --since/, `lmi logs ${functionName} --since`);
}

/**
 * Reason codes that Lambda gives a version on managed instances.
 * Source: botocore service model lambda 2015-03-31, shapes StateReasonCode and LastUpdateStatusReasonCode.
 */
const byCode: Readonly<Record<string, ReasonExplanation>> = {
  CapacityProviderScalingLimitExceeded: capacityLimit,
  VcpuLimitExceeded: ec2Quota,
  EC2RequestLimitExceeded: {
    code: "LMI_EC2_THROTTLED",
    what: "EC2 limited the rate of requests in this account",
    why: "Often it is other tools that call EC2 too often.",
    next: "Wait a minute, then: lmi deploy",
    log: "provider",
  },
  InsufficientCapacity: {
    code: "LMI_INSUFFICIENT_CAPACITY",
    what: "EC2 has no fitting instance free",
    why: "EC2 gives an instance of a type in a zone only where one is free.",
    next: "Allow more zones or types, e.g.: lmi deploy --azs 3",
    log: "provider",
  },
  DisallowedByVpcEncryptionControl: {
    code: "LMI_VPC_ENCRYPTION",
    what: "the VPC's encryption controls do not allow its instances",
    why: "The VPC enforces encryption in transit, which the instance types do not offer.",
    next: "Use a VPC without enforced encryption controls, or other --instance-types, then: lmi deploy",
    log: "provider",
  },
  DrainingDurableExecutions: {
    code: "LMI_DRAINING",
    what: "durable executions of this version are still running",
    why: "Lambda lets them end before the version is scaled to none or deleted; until then it takes no new work.",
    next: "Wait for them, or stop them: aws lambda list-durable-executions-by-function, aws lambda stop-durable-execution",
  },
  InitResourceExhausted: {
    code: "LMI_INIT_RESOURCES",
    what: "memory or disk ran out while its code was loading",
    why: "On Node.js every worker thread loads the code once more, 8 for each vCPU.",
    next: "Give it more memory in the settings (memory), or load less, then: lmi deploy",
    log: "function",
  },
  InitTimeout: {
    ...initFailed,
    what: "its code took longer to load than is allowed",
    why: "Loading may take as long as the function's timeout, 130 s at least and 15 min at most. Usually it waits for a connection that egress or security group do not let through.",
  },
  RuntimeInitError: initFailed,
  ExtensionInitError: {
    ...initFailed,
    what: "an extension of it failed to start",
    why: "Extensions come with layers, and each must start before the code is loaded.",
  },
  InvalidEntryPoint: {
    ...initFailed,
    what: "its entry point cannot be started",
    why: "A function with its own runtime starts with the file bootstrap at the root of its package: executable, and built for the function's architecture.",
  },
  InvalidWorkingDirectory: {
    ...initFailed,
    what: "its working directory does not exist",
    why: "The working directory of an image's configuration must be in the image.",
  },
  PermissionDenied: {
    ...initFailed,
    what: "a file of it may not be executed or read",
    why: "Files keep the permissions that they have in the package: a bootstrap must be executable (chmod +x), others readable for all.",
  },
  TooManyExtensions: {
    ...initFailed,
    what: "it has more than ten extensions",
    why: "Ten are the most that Lambda starts; they come with layers.",
    next: "Take layers away in the settings (layers), then: lmi deploy",
  },
  SubnetOutOfIPAddresses: {
    code: "LMI_SUBNET_FULL",
    what: "a subnet has no free address for another instance",
    why: "Each instance needs an address, and one that replaces another needs it beside that.",
    next: "Free addresses in the subnet, or name further ones: lmi deploy --subnet-ids …",
    log: "provider",
  },
  InvalidSubnet: networkGone("subnet"),
  InvalidSecurityGroup: networkGone("security group"),
  InsufficientRolePermissions: versionFailed(
    "its execution role lacks a permission",
    "Lambda needs the role for the function's network, logs or keys.",
    "Add what the reason names to policies in the settings, then: lmi deploy",
  ),
  InvalidRuntime: versionFailed(
    "its runtime cannot run there",
    "Managed instances run fewer runtimes than ordinary Lambda.",
    "Choose one that they run in the settings (runtime), then: lmi deploy",
  ),
  InvalidZipFileException: versionFailed(
    "its package cannot be unpacked",
    "The archive is damaged, too large when unpacked, or has links that lead out of it.",
    "Build it anew, then: lmi deploy",
  ),
  DisabledKMSKey: key("is disabled"),
  InvalidStateKMSKey: key("is in no state to be used"),
  KMSKeyAccessDenied: key("may not be used"),
  KMSKeyNotFound: key("does not exist"),
  ServiceQuotaExceededException: versionFailed(
    "a quota of the account is used up",
    "The reason names it.",
    "Ask for more in Service Quotas, then: lmi deploy",
  ),
  InternalError: internalError,
  // What CloudFormation says for its handler of the resource (CloudFormation CLI user guide, "Handler error codes").
  InternalFailure: internalError,
};

/** What errors of Lambda's calls say, in their names or sentences, when a resource cannot be made or changed. */
const byText: Readonly<Record<string, ReasonExplanation>> = {
  FunctionVersionsPerCapacityProviderLimitExceeded: versionLimit,
  "number of function versions for the capacity provider": versionLimit,
  "isn't supported for Lambda Default functions": {
    code: "LMI_FUNCTION_KIND",
    what: "it is a default function and stays one",
    why: "A default Lambda function stays one: a capacity provider is for new functions only.",
    next: "Give the function in lmi.json another name, then: lmi deploy",
  },
  "lambda:PassCapacityProvider": {
    code: "LMI_DEPLOY_FAILED",
    what: "who deploys may not hand functions to the capacity provider",
    why: "lambda:PassCapacityProvider on the capacity provider is missing for the caller, or for the role that CloudFormation works with.",
    next: "Have it allowed (lmi doctor looks at permissions), then: lmi deploy",
  },
  "Memory ratio of": {
    code: "LMI_DEPLOY_FAILED",
    what: "its memory does not fit its vCPUs",
    why: "Memory must be a multiple of memoryPerVCpu × 1024 MB, from 2048 to 32768.",
    next: "lmi validate   (knows the nearest that fits; overrides go past it)",
  },
  "does not support specified feature: Lambda Managed Instances": {
    code: "LMI_DEPLOY_FAILED",
    what: "managed instances do not have its runtime",
    why: "They run fewer runtimes than ordinary Lambda (Lambda developer guide, lambda-managed-instances-runtimes).",
    next: "Choose one that they run in the settings (runtime), then: lmi deploy",
  },
  AWSLambdaManagedEC2ResourceOperator: {
    code: "LMI_DEPLOY_FAILED",
    what: "the operator role's policy cannot be attached",
    why: "The policy is arn:aws:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator, without service-role/ in it; overrides may have changed it.",
    next: "Mend the name, then: lmi deploy",
  },
  "currently in use by": {
    code: "LMI_DEPLOY_FAILED",
    what: "function versions still use the capacity provider",
    why: "A capacity provider goes only when no version is on it: those of other stacks, and published ones that were kept, count.",
    next: "lmi versions   (lists them; aws lambda list-function-versions-by-capacity-provider those of others)",
  },
};

/**
 * Finds a known reason code in a code (`FunctionError.InitTimeout`) or in a sentence that names one.
 * @param type of the resource that failed: other services have the same words for other things
 */
export function explainReason(
  text: string | undefined,
  type = "AWS::Lambda::Function",
): ReasonExplanation | undefined {
  if (text === undefined) return undefined;
  const all = type.startsWith("AWS::Lambda::") ? { ...byText, ...byCode } : byText;
  const known = Object.keys(all).find((part) => text.includes(part));
  return known === undefined ? undefined : all[known];
}
