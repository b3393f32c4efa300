import type { ServiceName } from "../service.ts";
import { ServiceError } from "../service-error.ts";
import type { FaultKind, FaultRule } from "./fault.ts";

/** The request that is struck, and who sent it. */
export interface StruckRequest {
  readonly service: ServiceName;
  readonly operation: string;
  /** ARN of the caller. */
  readonly caller: string;
}

const errors: Readonly<
  Partial<Record<FaultKind, (rule: FaultRule, request: StruckRequest) => ServiceError>>
> = {
  throttle: (rule, request) => throttled(request, rule.reason),
  error: (rule, request) => broken(request.service, rule),
  "expired-token": (_rule, request) => expired(request.service),
  "access-denied": (rule, request) => denied(request, rule.reason),
};

/** What AWS would answer; undefined for faults that answer nothing. */
export function requestError(rule: FaultRule, request: StruckRequest): ServiceError | undefined {
  return errors[rule.fault]?.(rule, request);
}

/**
 * The codes by which each service slows its callers down (botocore data/_retry.json and botocore/retries/standard.py,
 * ThrottlingErrorDetector; EC2 API reference, "Error codes"; S3 API reference, "Error responses").
 */
const throttles: Readonly<
  Record<ServiceName, { code: string; message: string; status: number; reason?: string }>
> = {
  apigateway: { code: "TooManyRequestsException", message: "Too Many Requests", status: 429 },
  cloudformation: { code: "Throttling", message: "Rate exceeded", status: 400 },
  ec2: { code: "RequestLimitExceeded", message: "Request limit exceeded.", status: 503 },
  ecr: { code: "ThrottlingException", message: "Rate exceeded", status: 400 },
  events: { code: "ThrottlingException", message: "Rate exceeded", status: 400 },
  iam: { code: "Throttling", message: "Rate exceeded", status: 400 },
  kms: { code: "ThrottlingException", message: "Rate exceeded", status: 400 },
  lambda: {
    code: "TooManyRequestsException",
    message: "Rate exceeded",
    status: 429,
    // botocore service model lambda, ThrottleReason
    reason: "CallerRateLimitExceeded",
  },
  logs: { code: "ThrottlingException", message: "Rate exceeded", status: 400 },
  monitoring: { code: "Throttling", message: "Rate exceeded", status: 400 },
  s3: { code: "SlowDown", message: "Please reduce your request rate.", status: 503 },
  secretsmanager: { code: "ThrottlingException", message: "Rate exceeded", status: 400 },
  servicequotas: { code: "TooManyRequestsException", message: "Rate exceeded", status: 400 },
  sqs: { code: "RequestThrottled", message: "Request is throttled.", status: 403 },
  scheduler: { code: "ThrottlingException", message: "Rate exceeded", status: 429 },
  sns: { code: "Throttling", message: "Rate exceeded", status: 400 },
  ssm: { code: "ThrottlingException", message: "Rate exceeded", status: 400 },
  sts: { code: "Throttling", message: "Rate exceeded", status: 400 },
};

function throttled({ service }: StruckRequest, text: string | undefined): ServiceError {
  const { code, message, status, reason } = throttles[service];
  const members = reason === undefined ? {} : { Type: "User", Reason: reason };
  return new ServiceError(code, text ?? message, { status, members });
}

/** Errors that every service may answer ("Common error types" of each API reference; S3 and EC2 have their own). */
function broken(service: ServiceName, { status = 500, reason }: FaultRule): ServiceError {
  const own: Partial<Record<ServiceName, string>> = { ec2: "InternalError", s3: "InternalError" };
  const isDown = status === 503;
  const code = isDown ? "ServiceUnavailable" : (own[service] ?? "InternalFailure");
  const usual = isDown
    ? "The request has failed due to a temporary failure of the server."
    : "The request processing has failed because of an unknown error, exception or failure.";
  return new ServiceError(code, reason ?? usual, { status });
}

/** Services whose errors are those of JSON protocols end their names in `Exception`. */
const withExceptions: ReadonlySet<ServiceName> = new Set([
  "apigateway",
  "ecr",
  "events",
  "kms",
  "lambda",
  "logs",
  "scheduler",
  "secretsmanager",
  "ssm",
]);

/** Those that speak REST say so with the status, too. */
const speakRest: ReadonlySet<ServiceName> = new Set(["apigateway", "lambda", "scheduler"]);

function expired(service: ServiceName): ServiceError {
  if (service === "s3")
    return new ServiceError("ExpiredToken", "The provided token has expired.", { status: 400 });
  if (service === "ec2")
    return new ServiceError("RequestExpired", "Request has expired.", { status: 400 });
  const text = "The security token included in the request is expired";
  return withExceptions.has(service)
    ? new ServiceError("ExpiredTokenException", text, {
        status: speakRest.has(service) ? 403 : 400,
      })
    : new ServiceError("ExpiredToken", text, { status: 403 });
}

/** Operations whose permission has another name (service authorization reference). */
const permissions: Readonly<Record<string, string>> = {
  "lambda:Invoke": "lambda:InvokeFunction",
  "lambda:InvokeWithResponseStream": "lambda:InvokeFunction",
  "s3:HeadBucket": "s3:ListBucket",
  "s3:HeadObject": "s3:GetObject",
  "s3:ListObjects": "s3:ListBucket",
  "s3:ListObjectsV2": "s3:ListBucket",
  "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3:CopyObject": "s3:PutObject",
  "s3:DeleteObjects": "s3:DeleteObject",
  "monitoring:GetMetricData": "cloudwatch:GetMetricData",
  "monitoring:PutMetricData": "cloudwatch:PutMetricData",
  "monitoring:ListMetrics": "cloudwatch:ListMetrics",
};

/** Wording: IAM user guide, "Troubleshoot access denied error messages"; EC2 puts a sentence of its own in front. */
function denied(
  { service, operation, caller }: StruckRequest,
  reason: string | undefined,
): ServiceError {
  const action = permissions[`${service}:${operation}`] ?? `${service}:${operation}`;
  const text =
    reason ??
    `User: ${caller} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`;
  if (service === "ec2") {
    const message = `You are not authorized to perform this operation. ${text}`;
    return new ServiceError("UnauthorizedOperation", message, { status: 403 });
  }
  return withExceptions.has(service)
    ? new ServiceError("AccessDeniedException", text, {
        status: speakRest.has(service) ? 403 : 400,
      })
    : new ServiceError("AccessDenied", text, { status: 403 });
}
