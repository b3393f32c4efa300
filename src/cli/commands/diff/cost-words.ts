import { approximately } from "../../../synth/cost/monthly-cost.ts";
import { wrap } from "../../output/wrap.ts";
import type { CostChange } from "./cost-change.ts";

/** A month before and after a change. */
export function costWords({ before, after }: Pick<CostChange, "before" | "after">): string {
  const now = `${approximately(after.minimum)} a month at the minimum, up to ${approximately(after.cap)}`;
  if (before === undefined) return wrap(`Cost    + ${now}`, 8);
  const change = after.minimum - before.minimum;
  if (Math.abs(change) < 0.5 && Math.abs(after.cap - before.cap) < 0.5)
    return wrap(`Cost    unchanged: ${now}`, 8);
  const then = `${approximately(before.minimum)}, up to ${approximately(before.cap)}`;
  return wrap(`Cost    ${now}; before ${then}`, 8);
}
