import type { AwsTarget } from "../../../aws/target.ts";
import { keptPrices } from "../../prices/kept-prices.ts";
import type { System } from "../../system.ts";
import { wrap } from "../../output/wrap.ts";
import type { Prepared } from "./prepare.ts";

/** What the month will cost, told before the question. */
export async function renderCost(
  { settings, template }: Pick<Prepared, "settings" | "template">,
  target: AwsTarget,
  system: Pick<System, "env" | "home" | "program" | "now">,
): Promise<string> {
  const [{ approximately, monthlyCost }, { settingsAsIn }] = await Promise.all([
    import("../../../synth/cost/monthly-cost.ts"),
    import("../../../synth/cost/settings-as-in.ts"),
  ]);
  const { minimum, cap, capVCpus, notes } = monthlyCost(settingsAsIn(settings, template), {
    prices: keptPrices(target.region, system),
  });
  const range = `${approximately(minimum)}/month at the minimum, up to ${approximately(cap)} at the cap of ${capVCpus} vCPUs`;
  const first = target.local
    ? `Cost    nothing on the local target; on AWS ${range}`
    : `Cost    ${range}`;
  return [first, ...notes.map((note) => `        ${note}`)].map((line) => wrap(line, 8)).join("\n");
}
