import { quoted } from "../../../../aws/quoted.ts";
import type { Aws } from "../../../../aws/ports.ts";
import { LmiError } from "../../../../errors.ts";
import { type Check, failure, ok, type Patient, type Verdict, warning } from "../check.ts";
import { span } from "../span.ts";

/**
 * Minutes that credentials should last: a first deploy takes about five (network, instances, environments), and one
 * that waits for capacity or is rolled back three times that.
 */
const deployMinutes = 15;

/** The identity port gives a profile's login 60 s, and AWS 5 s to answer. */
const loginLimit = 70_000;

export const credentialsCheck: Check = { name: "credentials", limit: loginLimit, run };

async function run({ aws, caller, system }: Patient): Promise<Verdict> {
  try {
    const { accountId, arn } = await caller();
    const who = `${arn.slice(arn.lastIndexOf(":") + 1)} of account ${accountId}`;
    return lifeOf(who, await aws.credentials(), aws, system.now());
  } catch (error) {
    if (error instanceof LmiError) return refused(error);
    throw error;
  }
}

function refused({ message, why, next }: LmiError): Verdict {
  return failure([message, why].filter(Boolean).join(" "), next ?? "aws sts get-caller-identity");
}

function lifeOf(
  who: string,
  credentials: Awaited<ReturnType<Aws["credentials"]>>,
  { target }: Aws,
  now: Date,
): Verdict {
  const { expiration, sessionToken } = credentials;
  if (target.local) return ok(`${who}; the local target takes any`);
  if (expiration === undefined) {
    const life =
      sessionToken === undefined
        ? "they do not expire"
        : "temporary, and nothing says when they expire (AWS_CREDENTIAL_EXPIRATION)";
    return ok(`${who}; ${life}`);
  }
  const left = expiration.getTime() - now.getTime();
  const evidence = `${who}; they expire in ${span(left)}`;
  if (left >= deployMinutes * 60_000) return ok(evidence);
  const profile = target.profile === undefined ? "" : ` --profile ${quoted(target.profile)}`;
  return warning(
    `${evidence}, before a deploy may be done (up to ${deployMinutes} min)`,
    `Log in again: aws sso login${profile}`,
  );
}
