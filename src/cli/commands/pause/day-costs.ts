import type { ManagedInstance } from "../../../aws/ports.ts";
import type { System } from "../../system.ts";
import { keptPrices } from "../../prices/kept-prices.ts";

/** US dollars a day. */
export interface DayCosts {
  /** What goes on costing while the stack is paused. */
  readonly stays: readonly { readonly label: string; readonly perDay: number }[];
  readonly staysPerDay: number;
  /** What the instances cost, those that run or else those of the minimum. */
  readonly instancesPerDay: number;
}

/**
 * From the deployed template and what EC2 shows.
 * @returns undefined where the template is none that lmi can read
 */
export async function dayCosts(
  template: string | undefined,
  instances: readonly ManagedInstance[] | undefined,
  region: string,
  system: Pick<System, "env" | "home" | "program" | "now">,
): Promise<DayCosts | undefined> {
  const [{ settingsOfTemplate }, cost, { sumOf }] = await Promise.all([
    import("../../../synth/cost/template-settings.ts"),
    import("../../../synth/cost/paused-cost.ts"),
    import("../../../synth/cost/cost-item.ts"),
  ]);
  const settings = settingsOfTemplate(parsed(template), region);
  if (settings === undefined) return undefined;
  const prices = keptPrices(region, system);
  const items = cost.pausedItems(settings, prices);
  const types = (instances ?? []).map(({ instanceType }) => instanceType);
  const running = types.length === 0 ? undefined : cost.instancesCost(types, prices);
  return {
    stays: items.map(({ label, monthly }) => ({ label, perDay: cents(cost.daily(monthly)) })),
    staysPerDay: cents(cost.daily(sumOf(items))),
    instancesPerDay: cents(cost.daily(running ?? cost.minimumInstancesCost(settings, prices))),
  };
}

function parsed(template: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return template === undefined ? {} : (JSON.parse(template) as Record<string, unknown>);
  } catch {
    return {};
  }
}

const cents = (dollars: number) => Math.round(dollars * 100) / 100;

/** `≈ $1.20/day`. */
export function perDay(dollars: number): string {
  return `≈ $${dollars.toFixed(2)}/day`;
}

/** `1 NAT gateway, 1 public IPv4 address`; what a paused stack still has that costs. */
export function staysInWords({ stays, staysPerDay }: DayCosts): string {
  if (stays.length === 0) return "nothing of the network that has a price of its own";
  return `${perDay(staysPerDay)}: ${stays.map(({ label }) => label).join(", ")}`;
}
