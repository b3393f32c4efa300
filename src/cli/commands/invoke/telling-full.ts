import type { Aws, ScalingLimits } from "../../../aws/ports.ts";
import { LmiError } from "../../../errors.ts";

/** Lambda's reason where every environment has as many requests as it takes (service model, ThrottleReason). */
const full = "ConcurrentInvocationLimitExceeded";

/** Where all environments are full, "try again" is half of the truth: what they are, and what gives more room. */
export async function tellingFull<T>(
  functionName: string,
  qualifier: string | undefined,
  aws: Aws,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LmiError) || !error.why?.includes(full)) throw error;
    throw explained(error, await roomOf(functionName, qualifier ?? "$LATEST.PUBLISHED", aws));
  }
}

interface Room {
  readonly limits: ScalingLimits | undefined;
  readonly concurrency: number | undefined;
}

const orNothing = <R>(asking: Promise<R>) => asking.catch(() => undefined);

/** Nothing where the caller may invoke and not look. */
async function roomOf(functionName: string, version: string, aws: Aws): Promise<Room> {
  const { runningVersions } = aws;
  const [scaling, configuration] = await Promise.all([
    orNothing(runningVersions.scaling(functionName, version)),
    orNothing(runningVersions.configuration(functionName, version)),
  ]);
  return { limits: scaling?.applied, concurrency: configuration?.concurrency };
}

function explained({ code, message, exitCode, details, cause }: LmiError, room: Room): LmiError {
  const { limits, concurrency } = room;
  // Lambda developer guide, lambda-managed-instances-execution-environment: three by default.
  const min = limits?.min ?? 3;
  const max = limits?.max;
  const each = concurrency === undefined ? "" : `, ${concurrency} requests at once in each`;
  const why = [
    `${full}: every execution environment is full, and managed instances do not queue.`,
    ...(limits
      ? [`It may have ${min} at least${max === undefined ? "" : ` and ${max} at most`}${each}.`]
      : []),
    "At little traffic that comes of few environments, of code that keeps a thread busy, or of traffic that grows faster than instances are launched.",
  ];
  const more = Math.max(2 * min, min + 1);
  const upTo = max !== undefined && max < more ? ` --max-environments ${more}` : "";
  return new LmiError(code, message, {
    why: why.join("\n"),
    next: `lmi status   (CPU, environments and requests at once)\nMore room: lmi deploy --min-environments ${more}${upTo}, or a higher --concurrency where CPU is free`,
    exitCode,
    ...(details ? { details } : {}),
    cause,
  });
}
