import type { Clock } from "../clock.ts";
import type { ServiceName } from "../service.ts";
import type { ServiceError } from "../service-error.ts";
import type { FaultKind, FaultRule, FaultSource } from "./fault.ts";
import { requestError } from "./request-errors.ts";

/** Says of an error that a rule made it, and which kind: who forgot the rule would look for the cause elsewhere. */
export const faultHeader = "x-lmi-fault";

/** What becomes of a request before its operation begins. */
export type RequestFate =
  | { readonly kind: "served" }
  | { readonly kind: "failed"; readonly fault: FaultKind; readonly error: ServiceError }
  /** The connection breaks: before anything is done, or in the middle of the answer. */
  | { readonly kind: "cut"; readonly when: "before" | "after" };

interface Request {
  readonly service: ServiceName;
  readonly operation: string;
  readonly region: string;
  readonly signal: AbortSignal;
  /** ARN of the caller; asked for only where a message names it. */
  readonly caller: () => Promise<string>;
}

/** Lets the rules strike a request: waits where they slow it, and says how it ends. */
export async function strikeRequest(
  { service, operation, region, signal, caller }: Request,
  { faults, clock }: { readonly faults: FaultSource; readonly clock: Clock },
): Promise<RequestFate> {
  for (const rule of faults.strike({ at: "request", service, operation, region })) {
    if (rule.fault === "slow") await clock.sleep(rule.delayMs ?? 0, signal);
    else return fateOf(rule, { service, operation, caller: await callerOf(rule, caller) });
  }
  return { kind: "served" };
}

function fateOf(
  rule: FaultRule,
  request: { readonly service: ServiceName; readonly operation: string; readonly caller: string },
): RequestFate {
  if (rule.fault === "reset") return { kind: "cut", when: rule.when ?? "before" };
  const error = requestError(rule, request);
  return error ? { kind: "failed", fault: rule.fault, error } : { kind: "served" };
}

async function callerOf({ fault }: FaultRule, caller: () => Promise<string>): Promise<string> {
  return fault === "access-denied" ? caller() : "";
}
