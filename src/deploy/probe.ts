import type { InvokeResponse } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import type { DeployContext } from "./deploy-context.ts";
import { answeredError, errorAndPlace } from "./explain/answered-error.ts";

export interface ProbeAnswer {
  readonly statusCode: number;
  /** Set when the function failed: it answered all the same. */
  readonly functionError: string | undefined;
  /** What it threw and where, as far as the answer says: `TypeError: no   at src/handler.ts:3:9`. */
  readonly error?: string;
  readonly milliseconds: number;
  readonly attempts: number;
}

/** Waits before each further attempt, ms: about 90 s together. Capacity can lag behind an Active version. */
const backoff: readonly number[] = [250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000, 30_000];

/** Error names that mean "not yet" (botocore service model lambda, operation Invoke). */
const passing = new Set([
  "TooManyRequestsException",
  "EC2ThrottledException",
  "ResourceNotReadyException",
  "NoPublishedVersionException",
  "ServiceException",
  "CodeArtifactUserPendingException",
]);

/** Sends one request through the whole way and waits for its answer. A function error is an answer. */
export async function probeFunction(
  functionName: string,
  payload: Uint8Array,
  context: DeployContext,
): Promise<ProbeAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const started = context.now().getTime();
    const outcome = await tryOnce(functionName, payload, context);
    if ("response" in outcome) {
      const { statusCode, functionError, payload: said } = outcome.response;
      const error = functionError === undefined ? undefined : errorAndPlace(answeredError(said));
      return {
        statusCode,
        functionError,
        ...(error === undefined ? {} : { error }),
        milliseconds: context.now().getTime() - started,
        attempts: attempt,
      };
    }
    const pause = backoff[attempt - 1];
    if (pause === undefined) throw unanswered(functionName, attempt, outcome.error);
    await context.sleep(context.aws.target.local ? Math.min(pause, 500) : pause, context.signal);
  }
}

async function tryOnce(
  functionName: string,
  payload: Uint8Array,
  { aws, signal }: DeployContext,
): Promise<{ response: InvokeResponse } | { error: unknown }> {
  try {
    return { response: await aws.functions.invoke({ functionName, payload, signal }) };
  } catch (error) {
    signal.throwIfAborted();
    if (!isPassing(error)) throw error;
    return { error };
  }
}

/** The ports translate AWS's errors; the original stays as the cause. */
function isPassing(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (passing.has(current.name)) return true;
  }
  return false;
}

function unanswered(functionName: string, attempts: number, cause: unknown): LmiError {
  return new LmiError(
    "LMI_NO_ANSWER",
    `${functionName} is deployed, but answered none of ${attempts} requests.`,
    {
      why: cause instanceof Error ? cause.message : String(cause),
      next: `lmi status, then: lmi invoke ${functionName}`,
      details: { functionName },
      cause,
    },
  );
}
