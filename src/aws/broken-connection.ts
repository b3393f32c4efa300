import { LmiError } from "../errors.ts";
import { attemptsOf, failedCall } from "./failed-call.ts";
import { faultsInForce } from "./local-control.ts";
import type { AwsTarget } from "./target.ts";

/**
 * Tells a local target that is gone from one that lives, and whose connection broke: to start it would help nobody.
 * Takes what `explain` made of an error; anything else comes back as it is.
 */
export async function tellBroken(explained: unknown, target: AwsTarget): Promise<unknown> {
  const { local, endpoint } = target;
  if (!local || endpoint === undefined || !(explained instanceof LmiError)) return explained;
  if (explained.code !== "LMI_ENDPOINT_UNREACHABLE") return explained;
  const faults = await faultsInForce(endpoint);
  if (faults === undefined) return explained;
  const why = [
    "It broke before or in the middle of the answer; the request may have been carried out.",
    ...ranOften(explained.cause),
    ...(explained.why === undefined ? [] : [explained.why]),
    ...(faults > 0
      ? [`${faults === 1 ? "A fault is" : "Faults are"} in force there; see: lmi local fault list`]
      : []),
  ];
  return new LmiError(
    "LMI_CONNECTION_BROKEN",
    "The connection to the local target broke; it runs.",
    {
      why: why.join("\n"),
      next: "Try again",
      exitCode: explained.exitCode,
      cause: explained.cause,
      ...(explained.details === undefined ? {} : { details: explained.details }),
    },
  );
}

/** The SDK sends again what got no answer, also where it was carried out. */
function ranOften(cause: unknown): string[] {
  if (failedCall(cause)?.operation !== "Invoke") return [];
  const attempts = attemptsOf(cause);
  return attempts > 1
    ? [`It was sent ${attempts} times: the function may have run more than once.`]
    : ["The function may have run."];
}
