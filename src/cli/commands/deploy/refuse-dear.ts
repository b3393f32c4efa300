import { ExitCode, LmiError } from "../../../errors.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import type { Settings } from "../../../synth/settings.ts";

/**
 * Refuses what would cost more than the limit, in US dollars a month, when nothing is asked of it. Load may cost more:
 * up to the cap of vCPUs.
 * @returns what to know of the figure: whose prices it goes by, and what it does not count
 */
export async function refuseDear(
  limit: string,
  settings: Settings,
  prices: PriceList,
): Promise<string> {
  const most = Number(limit);
  if (limit.trim() === "" || !Number.isFinite(most) || most < 0) {
    throw new LmiError("LMI_USAGE", `--max-monthly ${limit} is no amount of US dollars.`, {
      exitCode: ExitCode.usage,
    });
  }
  const { approximately, monthlyCost } = await import("../../../synth/cost/monthly-cost.ts");
  const { minimum, items, notes } = monthlyCost(settings, { prices });
  if (minimum <= most)
    return `${approximately(minimum)} a month at the minimum, within ${most} US dollars. ${notes.join(" ")}`;
  const parts = items.map(({ label, monthly }) => `${label} ${approximately(monthly)}`);
  throw new LmiError(
    "LMI_TOO_EXPENSIVE",
    `It would cost ${approximately(minimum)} a month at the minimum, more than ${most} US dollars.`,
    {
      why: `${parts.join(", ")}. ${notes.join(" ")} Nothing was touched.`,
      next: "See what costs how much: lmi cost",
      exitCode: ExitCode.usage,
      details: { minimum, limit: most },
    },
  );
}
