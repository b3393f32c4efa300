import { ExitCode, LmiError } from "../errors.ts";
import { once } from "./connection.ts";
import type { StsClient } from "./credentials.ts";
import { explained } from "./explain.ts";
import type { Identity } from "./ports.ts";
import { quoted } from "./quoted.ts";
import type { AwsTarget } from "./target.ts";

export interface IdentityLimits {
  /** Milliseconds until the source of credentials has to answer. */
  readonly credentials: number;
  /** Milliseconds until AWS has to answer, retries included. */
  readonly answer: number;
}

export function createIdentity(
  target: AwsTarget,
  sts: () => Promise<StsClient>,
  limits: IdentityLimits = usualLimits(target),
): Identity {
  return { caller: once(() => explained(target, () => caller(target, sts, limits))) };
}

/** A profile may start a program that waits for a person (credential_process, SSO); without one nobody is waited for. */
function usualLimits({ profile }: AwsTarget): IdentityLimits {
  return { credentials: profile === undefined ? 5000 : 60_000, answer: 5000 };
}

async function caller(target: AwsTarget, sts: () => Promise<StsClient>, limits: IdentityLimits) {
  const [{ GetCallerIdentityCommand }, client] = await Promise.all([import("./sdk/sts.ts"), sts()]);
  // Asked for by themselves first, to tell whose answer is missing: the client remembers them.
  await within(limits.credentials, client.config.credentials(), () =>
    withoutSource(target, limits.credentials),
  );
  const stop = new AbortController();
  try {
    const command = new GetCallerIdentityCommand({});
    const asked = client.send(command, { abortSignal: stop.signal });
    const answer = await within(limits.answer, asked, () => unanswered(limits.answer));
    return { accountId: answer.Account ?? "", arn: answer.Arn ?? "" };
  } finally {
    stop.abort();
  }
}

async function within<T>(limit: number, work: Promise<T>, failure: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failure()), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A TimeoutError, as the SDK's own: an endpoint that cannot be reached. */
function unanswered(limit: number): Error {
  const error = new Error(`GetCallerIdentity had no answer within ${limit / 1000} s`);
  error.name = "TimeoutError";
  return error;
}

function withoutSource({ profile }: AwsTarget, limit: number): LmiError {
  return new LmiError(
    "LMI_CREDENTIALS_MISSING",
    profile ? `The AWS profile ${profile} gives no credentials.` : "There are no AWS credentials.",
    {
      why: `Their source (SSO, credential_process or the machine's role) did not answer within ${limit / 1000} s.`,
      next: `See what it waits for: aws sts get-caller-identity${profile ? ` --profile ${quoted(profile)}` : ""}`,
      exitCode: ExitCode.credentials,
    },
  );
}
