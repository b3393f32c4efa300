import { monthlyCost } from "../../../synth/cost/monthly-cost.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import { settingsOfTemplate } from "../../../synth/cost/template-settings.ts";
import { settingsAsIn } from "../../../synth/cost/settings-as-in.ts";
import { unpriced } from "../../../synth/cost/unpriced.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { Prepared } from "../deploy/prepare.ts";

/** US dollars a month, at the minimum and at the cap. */
export interface CostChange {
  readonly before: { readonly minimum: number; readonly cap: number } | undefined;
  readonly after: { readonly minimum: number; readonly cap: number };
  /** Sentences about what these figures do not hold. */
  readonly without: readonly string[];
}

export function costChange(
  { settings, template }: Pick<Prepared, "settings" | "template">,
  deployed: string | undefined,
  region: string,
  prices: PriceList,
): CostChange {
  const before = deployed === undefined ? undefined : settingsOfTemplate(parse(deployed), region);
  return {
    before: before && costOf(before, prices),
    after: costOfTemplate(settings, template, prices),
    without: unpriced(settings),
  };
}

export function costOfTemplate(
  settings: Settings,
  template: Readonly<Record<string, unknown>>,
  prices: PriceList,
) {
  return costOf(settingsAsIn(settings, template), prices);
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
