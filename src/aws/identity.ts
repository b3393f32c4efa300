import { ExitCode, LmiError } from "../errors.ts";
import { once } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { Identity } from "./ports.ts";
import type { AwsTarget } from "./target.ts";

/** Milliseconds for credentials and answer together, retries included; enough for a role that is assumed first. */
const usualLimit = 5000;

export function createIdentity(connection: Connection, limit: number = usualLimit): Identity {
  return { caller: once(() => explained(connection.target, () => caller(connection, limit))) };
}

async function caller(connection: Connection, limit: number) {
  const stop = new AbortController();
  let haveCredentials = false;
  const ask = async () => {
    const [{ STSClient, GetCallerIdentityCommand }, settings] = await Promise.all([
      import("./sdk/sts.ts"),
      connection.settings(),
    ]);
    const client = new STSClient(settings);
    // Asked for by themselves first, to tell whose answer is missing: the client remembers them.
    await client.config.credentials();
    haveCredentials = true;
    return client.send(new GetCallerIdentityCommand({}), { abortSignal: stop.signal });
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(haveCredentials ? unanswered(limit) : withoutSource(connection.target, limit));
    }, limit);
  });
  try {
    const answer = await Promise.race([ask(), late]);
    return { accountId: answer.Account ?? "", arn: answer.Arn ?? "" };
  } finally {
    clearTimeout(timer);
    stop.abort();
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
      next: `See what it waits for: aws sts get-caller-identity${profile ? ` --profile ${profile}` : ""}`,
      exitCode: ExitCode.credentials,
    },
  );
}
