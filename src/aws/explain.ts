import { ExitCode, LmiError } from "../errors.ts";
import type { ErrorCode, FailureDetails } from "../errors.ts";
import { tellBroken } from "./broken-connection.ts";
import { answeredWith, httpStatusOf, metadataOf } from "./failed-call.ts";
import { quoted } from "./quoted.ts";
import type { AwsTarget } from "./target.ts";

/** Calls AWS; every failure comes out as an LmiError with the SDK's own error as its cause. */
export async function explained<T>(target: AwsTarget, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw await explainHere(error, target);
  }
}

/** As `explain`; of a local target that does not answer it asks first whether it lives. */
export async function explainHere(error: unknown, target: AwsTarget): Promise<unknown> {
  return tellBroken(explain(error, target), target);
}

/** The SDK's error, in words that a person can act on. Aborted calls and our own errors pass through. */
export function explain(error: unknown, target: AwsTarget): unknown {
  if (error instanceof LmiError || !(error instanceof Error)) return error;
  if (error.name === "AbortError") return error;
  const kind = kinds.find(({ matches }) => matches(error)) ?? other;
  const { code, message, ...details } = kind.explain(error, target);
  const why = [details.why, asTold(error)].filter((line) => line !== undefined).join("\n");
  return new LmiError(code, withoutHint(message), {
    ...details,
    ...(why === "" ? {} : { why: withoutHint(why) }),
    details: { ...technical(error), region: target.region },
    cause: error,
  });
}

/** The SDK appends where its programmers find the raw response (smithy core, schema protocols). */
function withoutHint(text: string): string {
  return text.replaceAll(/\s*Deserialization error: to see the raw response[^\n]*/g, "");
}

/** The local target says of an error that it was told to answer it (src/local/README.md, "Faults"). */
function asTold(error: Error): string | undefined {
  const { headers = {} } =
    ("$response" in error
      ? (error.$response as { headers?: Record<string, string> })
      : undefined) ?? {};
  return headers["x-lmi-fault"] === undefined
    ? undefined
    : "The local target was told to answer so; see: lmi local fault list";
}

interface Explanation extends Omit<FailureDetails, "details" | "cause"> {
  readonly code: ErrorCode;
  readonly message: string;
}

interface Kind {
  readonly matches: (error: Error) => boolean;
  readonly explain: (error: Error, target: AwsTarget) => Explanation;
}

const named =
  (...names: readonly string[]) =>
  (error: Error) =>
    names.includes(error.name) || names.includes(nodeCode(error) ?? "");

const { credentials } = ExitCode;

// Error names: "Common error types" of each service's API reference; node's own from its errno list.
const expired: Kind = {
  matches: (error) =>
    named(
      "ExpiredToken",
      "ExpiredTokenException",
      "TokenRefreshRequired",
      "RequestExpired",
    )(error) ||
    (isCredentialsError(error) && /expired/i.test(error.message)),
  explain: (error, { profile }) => ({
    code: "LMI_CREDENTIALS_EXPIRED",
    message: `The AWS credentials${ofProfile(profile)} have expired.`,
    why: error.message,
    next: `Log in again: aws sso login${profile ? ` --profile ${quoted(profile)}` : ""}`,
    exitCode: credentials,
  }),
};

const missing: Kind = {
  matches: isCredentialsError,
  explain: (error, { profile }) => ({
    code: "LMI_CREDENTIALS_MISSING",
    message: profile
      ? `The AWS profile ${profile} gives no credentials.`
      : "There are no AWS credentials.",
    why: profile
      ? error.message
      : "Neither environment, nor ~/.aws, nor this machine's role has any.",
    next: [
      "Log in:              aws configure sso   or   aws configure",
      "Without an account:  give the same command --local",
    ].join("\n"),
    exitCode: credentials,
  }),
};

const invalid: Kind = {
  matches: named(
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "InvalidSignature",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "InvalidAccessKeyId",
    "AuthFailure",
  ),
  explain: (error, { profile, region }) => ({
    code: "LMI_CREDENTIALS_INVALID",
    message: `AWS does not accept the credentials${ofProfile(profile)}.`,
    why: `${error.message}\nThe key may be wrong or deleted, the clock of this machine wrong, or region ${region} not enabled for the account.`,
    next: "Look who you are: aws sts get-caller-identity",
    exitCode: credentials,
  }),
};

const denied: Kind = {
  matches: named("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden"),
  explain: (error) => ({
    code: "LMI_ACCESS_DENIED",
    message: "AWS does not allow this to the caller.",
    why: error.message,
    next: "Ask for this permission, or use another --profile",
    exitCode: credentials,
  }),
};

const throttled: Kind = {
  matches: named(
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "EC2ThrottledException",
    "SlowDown",
  ),
  explain: (error) => ({
    code: "LMI_THROTTLED",
    message: `AWS turned the request away, after several attempts: ${sentence(error.message || error.name)}`,
    ...reasonOf(error),
    next: "Try again in a moment; AWS_MAX_ATTEMPTS=10 tries longer",
  }),
};

const wrongRegion: Kind = {
  matches: (error) =>
    /region not accepted|not a valid hostname|invalid.*region/i.test(error.message) ||
    (named("ENOTFOUND", "EAI_AGAIN")(error) && /amazonaws\.com|api\.aws/.test(error.message)),
  explain: (error, { region }) => ({
    code: "LMI_REGION_UNREACHABLE",
    message: `AWS has no endpoint for region ${region} that can be reached from here.`,
    why: error.message,
    next: "Check the name of the region (--region, AWS_REGION, the settings) and the network",
    exitCode: ExitCode.usage,
  }),
};

const unreachable: Kind = {
  matches: (error) =>
    named(
      "ENOTFOUND",
      "EAI_AGAIN",
      "ECONNREFUSED",
      "ECONNRESET",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "EPIPE",
      "ETIMEDOUT",
      "TimeoutError",
      "NetworkingError",
    )(error),
  explain: (error, target) => ({
    code: "LMI_ENDPOINT_UNREACHABLE",
    message: target.local
      ? "The local target does not answer."
      : `AWS does not answer${target.endpoint ? ` at ${target.endpoint}` : ""}.`,
    why: error.message || nodeCode(error) || error.name,
    next: target.local
      ? "lmi local status, then: lmi local up"
      : "Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and AWS_ENDPOINT_URL",
  }),
};

const unknownToLocal: Kind = {
  matches: named("NotImplemented"),
  explain: (error) => ({
    code: "LMI_NOT_IMPLEMENTED",
    message: "The endpoint does not know this operation.",
    why: error.message,
  }),
};

/** AWS's own trouble, which passes. */
const broken: Kind = {
  matches: (error) => (httpStatusOf(error) ?? 0) >= 500,
  explain: (error) => ({
    code: "LMI_AWS_ERROR",
    message: `${answeredWith(error)}.`,
    why: error.message,
    next: "Try again in a moment",
  }),
};

const other: Kind = {
  matches: () => true,
  explain: (error) => ({
    code: "LMI_AWS_ERROR",
    message: `${answeredWith(error)}: ${error.message}`,
  }),
};

const kinds: readonly Kind[] = [
  expired,
  missing,
  invalid,
  denied,
  throttled,
  wrongRegion,
  unreachable,
  unknownToLocal,
  broken,
];

function isCredentialsError(error: Error): boolean {
  return (
    error.name === "CredentialsProviderError" ||
    error.name === "TokenProviderError" ||
    /could not load credentials|credential is missing|could not resolve credentials/i.test(
      error.message,
    )
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function ofProfile(profile: string | undefined): string {
  return profile ? ` of profile ${profile}` : "";
}

/** errno name; a connection tried over several addresses hides it in an AggregateError. */
function nodeCode(error: Error): string | undefined {
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) {
    const [first] = error.errors;
    if (first instanceof Error) return nodeCode(first);
  }
  return error.cause instanceof Error ? nodeCode(error.cause) : undefined;
}

function reasonOf(error: Error): { why?: string } {
  return "Reason" in error && typeof error.Reason === "string" ? { why: error.Reason } : {};
}

/** What AWS support asks for, and scripts decide by. */
function technical(error: Error): Record<string, unknown> {
  const { requestId, httpStatusCode } = metadataOf(error);
  return {
    awsError: error.name,
    ...(requestId === undefined ? {} : { awsRequestId: requestId }),
    ...(httpStatusCode === undefined ? {} : { httpStatus: httpStatusCode }),
  };
}
