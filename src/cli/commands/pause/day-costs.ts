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
  /** What is to be known of that figure: `by a similar type: m9gd.large`; [] where every price is known. */
  readonly notes: readonly string[];
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
  const [{ settingsOfTemplate }, cost, { sumOf }, { dailyCost }] = await Promise.all([
    import("../../../synth/cost/template-settings.ts"),
    import("../../../synth/cost/paused-cost.ts"),
    import("../../../synth/cost/cost-item.ts"),
    import("../status/daily-cost.ts"),
  ]);
  const settings = settingsOfTemplate(parsed(template), region);
  if (settings === undefined) return undefined;
  const prices = keptPrices(region, system);
  const items = cost.pausedItems(settings, prices);
  // As `lmi status` and `lmi list` count them: without what EC2 does not bill yet.
  const running = dailyCost(instances ?? [], undefined, prices);
  const isKnown = running.items.length > 0 || running.unpriced.length > 0;
  const minimum = () => cost.daily(cost.minimumInstancesCost(settings, prices));
  return {
    stays: items.map(({ label, monthly }) => ({ label, perDay: cents(cost.daily(monthly)) })),
    staysPerDay: cents(cost.daily(sumOf(items))),
    instancesPerDay: cents(isKnown ? running.perDay : minimum()),
    notes: [
      ...(running.estimated.length > 0
        ? [`by a similar type: ${running.estimated.join(", ")}`]
        : []),
      ...(running.unpriced.length > 0
        ? [`without ${running.unpriced.join(", ")}, whose price is not known`]
        : []),
    ],
  };
}

/**
 * The same after a pause that has left instances to other functions: they go on costing.
 * @param left costs as `dayCosts` finds them with what EC2 shows then
 */
export function withInstancesLeft(
  before: DayCosts,
  left: DayCosts,
  instances: readonly Pick<ManagedInstance, "instanceType">[],
): DayCosts {
  const byType = Map.groupBy(instances, ({ instanceType }) => instanceType);
  const types = [...byType].map(([type, { length: count }]) => `${count} × ${type}`);
  const label = [types.join(", "), ...noted(left)].join(" ");
  return {
    ...before,
    stays: [{ label, perDay: left.instancesPerDay }, ...before.stays],
    staysPerDay: cents(before.staysPerDay + left.instancesPerDay),
  };
}

/** In brackets, what is to be known of a figure of instances. */
export function noted({ notes }: Pick<DayCosts, "notes">): string[] {
  return notes.length === 0 ? [] : [`(${notes.join("; ")})`];
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
