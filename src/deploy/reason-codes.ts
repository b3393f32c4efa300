import type { ErrorCode } from "../errors.ts";

/** What a reason code of Lambda means for a person. */
export interface ReasonExplanation {
  readonly code: ErrorCode;
  readonly why: string;
  readonly next: string;
  /** What mends it where the function's log is gone, as after the rollback of a first deploy. */
  readonly nextWithoutLog?: string;
}

const capacityLimit: ReasonExplanation = {
  code: "LMI_CAPACITY_LIMIT",
  why: "The capacity provider may not start another instance. Each instance keeps 1 vCPU for itself, and replacing one needs room for it.",
  next: "Raise the cap, e.g.: lmi deploy --max-vcpu 60",
};

const ec2Quota: ReasonExplanation = {
  code: "LMI_EC2_QUOTA",
  why: "The account's EC2 vCPU quota for this instance family is used up.",
  next: "Ask AWS for more vCPUs (Service Quotas, Amazon EC2), then: lmi deploy",
};

const initFailed: ReasonExplanation = {
  code: "LMI_INIT_FAILED",
  why: "The function's code failed while it was loading, before any request. Every minimum environment must load once.",
  next: "lmi logs --since 15m   (shows what it wrote)",
  nextWithoutLog: "Mend the code, then: lmi deploy   (what it wrote went with its log group)",
};

/** Lambda developer guide, lambda-managed-instances-quotas: 100, fixed. */
const versionLimit: ReasonExplanation = {
  code: "LMI_VERSION_LIMIT",
  why: "A capacity provider takes 100 versions, those of all its functions together, and AWS raises that for nobody.",
  next: "Delete versions that nobody calls (aws lambda list-function-versions-by-capacity-provider lists them), or move functions to another one of capacityProviders, then: lmi deploy",
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
    why: "EC2 limited the rate of requests in this account.",
    next: "Wait a minute, then: lmi deploy",
  },
  InsufficientCapacity: {
    code: "LMI_INSUFFICIENT_CAPACITY",
    why: "EC2 has no instance of a fitting type free in these availability zones.",
    next: "Allow more zones or types, e.g.: lmi deploy --azs 3",
  },
  DisallowedByVpcEncryptionControl: {
    code: "LMI_VPC_ENCRYPTION",
    why: "The VPC enforces encryption controls that the instance types do not meet.",
    next: "Use a VPC without enforced encryption controls, or other instance types",
  },
  InitResourceExhausted: {
    code: "LMI_INIT_RESOURCES",
    why: "The function used up its memory or disk while it was loading.",
    next: "Give it more memory, e.g.: lmi deploy --memory 4096",
  },
  InitTimeout: {
    ...initFailed,
    why: "The function's code took longer to load than the time allowed for it (130 s at least).",
  },
  RuntimeInitError: initFailed,
  ExtensionInitError: { ...initFailed, why: "An extension of the function failed to start." },
  InvalidEntryPoint: { ...initFailed, why: "The function's entry point cannot be started." },
  InvalidWorkingDirectory: {
    ...initFailed,
    why: "The function's working directory does not exist.",
  },
  PermissionDenied: { ...initFailed, why: "A file of the function may not be executed or read." },
  TooManyExtensions: { ...initFailed, why: "The function has more than ten extensions." },
};

/** What errors of Lambda's calls say, in their names or sentences, when a resource cannot be made or changed. */
const byText: Readonly<Record<string, ReasonExplanation>> = {
  FunctionVersionsPerCapacityProviderLimitExceeded: versionLimit,
  "number of function versions for the capacity provider": versionLimit,
  "isn't supported for Lambda Default functions": {
    code: "LMI_FUNCTION_KIND",
    why: "A default Lambda function stays one: a capacity provider is for new functions only.",
    next: "Give the function in lmi.json another name, then: lmi deploy",
  },
};

/** Finds a known reason code in a code (`FunctionError.InitTimeout`) or in a sentence that names one. */
export function explainReason(text: string | undefined): ReasonExplanation | undefined {
  if (text === undefined) return undefined;
  const all = { ...byCode, ...byText };
  const known = Object.keys(all).find((part) => text.includes(part));
  return known === undefined ? undefined : all[known];
}
