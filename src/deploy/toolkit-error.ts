import { tellBroken } from "../aws/broken-connection.ts";
import { explain } from "../aws/explain.ts";
import { answeredWith, failedCall, httpStatusOf } from "../aws/failed-call.ts";
import type { AwsTarget } from "../aws/target.ts";
import { ExitCode, LmiError } from "../errors.ts";

const nothingDone = "CloudFormation executed nothing: what was deployed before is unchanged.";

/** As `explainToolkitError`; of a local target that does not answer it asks first whether it lives. */
export async function explainToolkitErrorHere(error: unknown, target: AwsTarget): Promise<unknown> {
  return tellBroken(explainToolkitError(error, target), target);
}

/** Turns an error of the toolkit library, met before CloudFormation executed anything, into one of ours. */
export function explainToolkitError(error: unknown, target: AwsTarget): unknown {
  if (error instanceof LmiError) return error;
  const cause = rootCause(error);
  const refusal = refusalOf(cause, target);
  if (refusal) return refusal;
  const text = plainMessage(cause);
  const local = target.local ? " --local" : "";
  switch (typeOf(cause) ?? typeOf(error)) {
    case "bootstrap":
      return new LmiError(
        "LMI_BOOTSTRAP_NEEDED",
        `Region ${target.region} of this account is not prepared for deployments, or by a version too old.`,
        {
          why: text,
          next: `lmi bootstrap${local}`,
          exitCode: ExitCode.declined,
          cause: error,
        },
      );
    case "authentication":
      return new LmiError(
        "LMI_CREDENTIALS_REFUSED",
        "AWS did not accept the credentials for deploying.",
        {
          why: text,
          next: "aws sts get-caller-identity   (shows who you are)",
          exitCode: ExitCode.credentials,
          cause: error,
        },
      );
    case undefined:
    default:
      if (cause instanceof Error && httpStatusOf(cause) !== undefined)
        return answeredBadly(cause, error, target);
      return new LmiError("LMI_DEPLOY_FAILED", `The deployment failed: ${text}`, {
        why: nothingDone,
        next: "lmi deploy --verbose   (shows each step)",
        cause: error,
      });
  }
}

/** AWS answered one of the library's calls with an error that is no refusal. */
function answeredBadly(cause: Error, error: unknown, target: AwsTarget): LmiError {
  const what =
    failedCall(cause)?.service === "S3" ? "Uploading the assets failed" : "The deployment failed";
  const { why, details } = explain(cause, target) as LmiError;
  const isPassing = (httpStatusOf(cause) ?? 0) >= 500;
  return new LmiError("LMI_DEPLOY_FAILED", `${what}: ${answeredWith(cause)}.`, {
    why: [isPassing ? undefined : cause.message, why, nothingDone]
      .filter((line) => line !== undefined)
      .join("\n"),
    next: isPassing ? again(target) : "lmi deploy --verbose   (shows each step)",
    cause: error,
    ...(details === undefined ? {} : { details }),
  });
}

function again({ local }: AwsTarget): string {
  return `In a moment, again: lmi deploy${local ? " --local" : ""}`;
}

/** What is the same trouble wherever it is met: a scripts' exit code and a person's next step depend on it. */
const everywhere = new Set(["LMI_THROTTLED", "LMI_ENDPOINT_UNREACHABLE", "LMI_REGION_UNREACHABLE"]);

/** A refusal by AWS itself, which the library hands on, in the words that lmi has for it. */
function refusalOf(cause: unknown, target: AwsTarget): LmiError | undefined {
  const explained = explain(quoted(cause) ?? cause, target);
  if (!(explained instanceof LmiError)) return undefined;
  const { code, message, why, next, exitCode, details } = explained;
  if (exitCode !== ExitCode.credentials && !everywhere.has(code)) return undefined;
  // The library has its own number of attempts, which AWS_MAX_ATTEMPTS does not change.
  const then = code === "LMI_THROTTLED" ? again(target) : next;
  return new LmiError(code, message, {
    why: [why, nothingDone].filter((line) => line !== undefined).join("\n"),
    exitCode,
    cause,
    ...(then === undefined ? {} : { next: then }),
    ...(details === undefined ? {} : { details }),
  });
}

/** The library now and then puts an error of AWS into a text of its own, without keeping it as the cause. */
function quoted(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } =
    /following error occurred: (?<name>[A-Z]\w+): (?<message>[\s\S]+)$/.exec(error.message)
      ?.groups ?? {};
  if (name !== undefined) return Object.assign(new Error(message), { name });
  // cdk-assets, handlers/files: what is left of AccessDenied from GetBucketLocation.
  if (!/^Bucket named '.+' exists, but we dont have access/.test(error.message)) return undefined;
  const why = `${error.message} s3:GetBucketLocation is not allowed, or the bucket is another account's.`;
  return Object.assign(new Error(why), { name: "AccessDenied" });
}

/** The library wraps errors as `❌ stack failed: Name: message`, and those of several assets together, keeping them. */
function rootCause(error: unknown): unknown {
  const inner: unknown =
    error instanceof AggregateError ? error.errors[0] : error instanceof Error && error.cause;
  return inner instanceof Error ? rootCause(inner) : error;
}

function typeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("type" in error)) return undefined;
  return typeof error.type === "string" ? error.type : undefined;
}

function plainMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/^[^\p{L}\p{N}"'(]+/gu, "").trim();
}
