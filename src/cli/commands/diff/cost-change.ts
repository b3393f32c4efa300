import { monthlyCost } from "../../../synth/cost/monthly-cost.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import { settingsOfTemplate } from "../../../synth/cost/template-settings.ts";
import type { Settings } from "../../../synth/settings.ts";

/** US dollars a month, at the minimum and at the cap. */
export interface CostChange {
  readonly before: { readonly minimum: number; readonly cap: number } | undefined;
  readonly after: { readonly minimum: number; readonly cap: number };
}

export function costChange(
  settings: Settings,
  deployed: string | undefined,
  region: string,
  prices: PriceList,
): CostChange {
  const before = deployed === undefined ? undefined : settingsOfTemplate(parse(deployed), region);
  return { before: before && costOf(before, prices), after: costOf(settings, prices) };
}

function costOf(settings: Settings, prices: PriceList) {
  const { minimum, cap } = monthlyCost(settings, { prices });
  return { minimum, cap };
}

function parse(template: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(template) as Readonly<Record<string, unknown>>;
  } catch {
    // Not JSON, so not a template that lmi wrote: nothing is known of its cost.
    return {};
  }
}
