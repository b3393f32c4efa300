import { explain } from "../aws/explain.ts";
import type { AwsTarget } from "../aws/target.ts";
import { ExitCode, LmiError } from "../errors.ts";

/** Turns an error of the toolkit library, met before CloudFormation executed anything, into one of ours. */
export function explainToolkitError(error: unknown, target: AwsTarget): unknown {
  if (error instanceof LmiError) return error;
  const cause = rootCause(error);
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
    default: {
      const explained = asCredentials(cause, target);
      if (explained) return explained;
      return new LmiError("LMI_DEPLOY_FAILED", `The deployment failed: ${text}`, {
        why: "CloudFormation executed nothing: what was deployed before is unchanged.",
        next: "lmi deploy --verbose   (shows each step)",
        cause: error,
      });
    }
  }
}

/** A refusal by AWS itself, which the library hands on, is what it is everywhere else. */
function asCredentials(cause: unknown, target: AwsTarget): LmiError | undefined {
  const explained = explain(cause, target);
  if (!(explained instanceof LmiError)) return undefined;
  return explained.exitCode === ExitCode.credentials ? explained : undefined;
}

/** The library wraps errors as `❌ stack failed: Name: message`, keeping the original as cause. */
function rootCause(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  return current;
}

function typeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("type" in error)) return undefined;
  return typeof error.type === "string" ? error.type : undefined;
}

function plainMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/^[^\p{L}\p{N}"'(]+/gu, "").trim();
}
