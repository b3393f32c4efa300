import { ExitCode, LmiError } from "../../../errors.ts";
import type { FaultKind, FaultRule } from "../../../local/faults/fault.ts";

/** The flags of `lmi local fault add`, as they are typed. */
export interface FaultFlags {
  readonly fault: FaultKind;
  readonly service?: string;
  readonly operation?: string;
  readonly resourceType?: string;
  readonly logicalId?: string;
  readonly function?: string;
  readonly code?: string;
  readonly on?: FaultRule["action"];
  readonly inRegion?: string;
  readonly after?: string;
  readonly times?: string;
  readonly every?: string;
  readonly probability?: string;
  readonly delay?: string;
  readonly status?: string;
  readonly when?: FaultRule["when"];
  readonly reason?: string;
}

/** Flags as a rule; what a rule may be, the target checks. */
export function parseFaultRule(flags: FaultFlags): FaultRule {
  const { fault, operation, resourceType, logicalId, when, reason } = flags;
  return {
    fault,
    // The target knows which services there are.
    service: flags.service as FaultRule["service"],
    operation,
    resourceType,
    logicalId,
    action: flags.on,
    functionName: flags.function,
    code: flags.code,
    region: flags.inRegion,
    after: count(flags.after, "--after"),
    times: count(flags.times, "--times"),
    every: count(flags.every, "--every"),
    probability: share(flags.probability),
    delayMs: flags.delay === undefined ? undefined : milliseconds(flags.delay),
    status: count(flags.status, "--status"),
    when,
    reason,
  };
}

function count(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw wrong(`${flag} ${text} is not a count.`, "It takes a whole number.");
}

function share(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw wrong(`--probability ${text} is not a chance.`, "It takes a number above 0 and up to 1.");
}

const units = { ms: 1, s: 1000, m: 60_000 } as const;

function milliseconds(text: string): number {
  const found = /^(?<number>\d+(?:\.\d+)?)(?<unit>ms|s|m)$/.exec(text)?.groups;
  if (found === undefined)
    throw wrong(`--delay ${text} is not a time.`, "It takes 500ms, 5s or 2m.");
  return Math.round(Number(found["number"]) * units[found["unit"] as keyof typeof units]);
}

function wrong(message: string, why: string): LmiError {
  return new LmiError("LMI_USAGE", message, {
    why,
    next: "See: lmi local fault add --help",
    exitCode: ExitCode.usage,
  });
}
