import type { AwsTarget } from "../../../aws/target.ts";
import { keptPrices } from "../../prices/kept-prices.ts";
import type { System } from "../../system.ts";
import type { Settings } from "../../../synth/settings.ts";
import { wrap } from "../../output/wrap.ts";

/** What the month will cost, told before the question. */
export async function renderCost(
  settings: Settings,
  target: AwsTarget,
  system: Pick<System, "env" | "home" | "program" | "now">,
): Promise<string> {
  const { approximately, monthlyCost } = await import("../../../synth/cost/monthly-cost.ts");
  const { minimum, cap, capVCpus, notes } = monthlyCost(settings, {
    prices: keptPrices(target.region, system),
  });
  const range = `${approximately(minimum)}/month at the minimum, up to ${approximately(cap)} at the cap of ${capVCpus} vCPUs`;
  const first = target.local
    ? `Cost    nothing on the local target; on AWS ${range}`
    : `Cost    ${range}`;
  return [first, ...notes.map((note) => `        ${note}`)].map((line) => wrap(line, 8)).join("\n");
}
