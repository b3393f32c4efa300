import { ExitCode, LmiError } from "../../../errors.ts";
import {
  type Check,
  type CheckResult,
  type Patient,
  skipped,
  type Verdict,
  warning,
} from "./check.ts";

/** Milliseconds that a check may take. They run beside each other, so that it bounds all of them. */
const usualLimit = 20_000;

/** All checks at once, in their own order. A check that cannot look says why; it stops no other. */
export async function runChecks(
  checks: readonly Check[],
  patient: Patient,
  onDone: (done: number) => void = () => {},
  limit: number = usualLimit,
): Promise<CheckResult[]> {
  let done = 0;
  return Promise.all(
    checks.map(async (check) => {
      const started = performance.now();
      const verdict = await within(check.limit ?? limit, check, patient);
      done += 1;
      onDone(done);
      return {
        check: check.name,
        ...verdict,
        milliseconds: Math.round(performance.now() - started),
      };
    }),
  );
}

async function within(limit: number, check: Check, patient: Patient): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Verdict>((resolve) => {
    timer = setTimeout(() => resolve(unanswered(limit)), limit);
  });
  try {
    return await Promise.race([examine(check, patient), late]);
  } finally {
    clearTimeout(timer);
  }
}

function unanswered(limit: number): Verdict {
  return warning(
    `not known: no answer within ${limit / 1000} s`,
    "Look at the network, the proxy (HTTPS_PROXY, NO_PROXY) and AWS_ENDPOINT_URL, then: lmi doctor",
  );
}

async function examine(check: Check, patient: Patient): Promise<Verdict> {
  try {
    return await check.run(patient);
  } catch (error) {
    if (error instanceof LmiError) return notKnown(error, check);
    throw error;
  }
}

/** As AWS's refusals name it. */
function deniedAction(text: string | undefined): string | undefined {
  return /not authorized to perform: ([\w-]+:\w+)/.exec(text ?? "")?.[1];
}

/** What a check could not find out. */
function notKnown(
  { code, message, why, next, exitCode }: LmiError,
  { permission }: Check,
): Verdict {
  if (code === "LMI_NOT_IMPLEMENTED") return skipped(`not known: ${why ?? message}`);
  if (code === "LMI_ACCESS_DENIED") {
    const action = deniedAction(why) ?? permission ?? "looking there";
    return warning(
      `not known: ${action} is not allowed to the caller`,
      `Allow ${action}; lmi doctor --policy prints all that lmi asks for`,
    );
  }
  if (exitCode === ExitCode.credentials && code !== "LMI_ACCESS_DENIED")
    return skipped("needs credentials that AWS accepts");
  return warning(`not known: ${message}`, next ?? "lmi doctor");
}
