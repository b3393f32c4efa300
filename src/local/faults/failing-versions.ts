import { InitFailure, type InitFailureCode } from "../runtime/init-failure.ts";
import type { TargetContext } from "../service.ts";
import { markedReason } from "./fault.ts";

interface Version {
  readonly region: string;
  readonly functionName: string;
}

/** Throws an InitFailure where a rule lets this version not become active. */
export function strikeVersion(
  { faults }: Pick<TargetContext, "faults">,
  { region, functionName }: Version,
): void {
  const [rule] = faults.strike({ at: "version", region, functionName });
  if (rule === undefined) return;
  // Checked when the rule was added.
  const code = rule.code as InitFailureCode;
  const text = rule.reason ?? `The version failed with ${code}.`;
  throw new InitFailure(code, markedReason(text, rule));
}

/** How long a version that is to end still has durable executions, ms; undefined: it has none. */
export function drainingOf(
  { faults }: Pick<TargetContext, "faults">,
  { region, functionName }: Version,
): { readonly milliseconds: number; readonly reason: string } | undefined {
  const [rule] = faults.strike({ at: "version end", region, functionName });
  if (rule === undefined) return undefined;
  const text = "Durable executions of this version are still running.";
  return { milliseconds: rule.delayMs ?? 0, reason: markedReason(text, rule) };
}
