import { breakEven, type BreakEven } from "../../../synth/cost/break-even.ts";
import type { CostItem } from "../../../synth/cost/cost-item.ts";
import { type Load, loadCost, type LoadCost } from "../../../synth/cost/load-cost.ts";
import { type MonthlyCost, monthlyCost } from "../../../synth/cost/monthly-cost.ts";
import { type CostBasis, hoursPerMonth, type PriceList } from "../../../synth/cost/prices.ts";
import { type TypeCost, typeCosts } from "../../../synth/cost/type-table.ts";
import { capacityOf } from "../../../synth/providers.ts";
import type { Settings } from "../../../synth/settings.ts";
import { textTable } from "../../output/text-table.ts";

export interface CostRequest {
  /** Key of the function that the load is for. */
  readonly functionKey: string;
  readonly rps: number | undefined;
  readonly durationMs: number;
  readonly payloadBytes: number;
  readonly internetBytes: number;
  readonly logBytes: number;
}

export interface CostReport extends MonthlyCost {
  readonly hourly: number;
  /** Where and when the prices held, and who says so. */
  readonly prices: Pick<PriceList, "source" | "region" | "date">;
  readonly types: readonly TypeCost[];
  readonly load: (Load & LoadCost) | undefined;
  readonly breakEven: BreakEven & Omit<Load, "rps">;
}

export function costReport(settings: Settings, request: CostRequest, basis: CostBasis): CostReport {
  const { rps, ...rest } = request;
  const own = settings.functions[request.functionKey];
  if (own === undefined) throw new TypeError(`no function ${request.functionKey}`);
  const cost = monthlyCost(settings, basis);
  const { source, region, date } = basis.prices;
  const { architecture } = capacityOf(settings, own);
  const load = rps === undefined ? undefined : { ...rest, rps };
  return {
    ...cost,
    hourly: cost.minimum / hoursPerMonth,
    prices: { source, region, date },
    types: typeCosts(settings, basis.prices),
    load: load && { ...load, ...loadCost(settings, load, basis) },
    breakEven: { ...rest, ...breakEven(settings, architecture, rest, basis) },
  };
}

/** How many types the text shows; `--json` has all. */
const shownTypes = 8;

export function renderReport(report: CostReport): string {
  return [
    textTable([
      ["At the minimum", "$/hour", "$/month"],
      ...itemRows(report.items, report.minimum, [uncountedVolumes(report.items)]),
    ]),
    `At the cap of ${report.capVCpus} vCPUs: at most ${dollars(report.cap)}/month, ${(report.cap / hoursPerMonth).toFixed(2)} $/hour`,
    typeTable(report.types),
    ...(report.load ? [renderLoad(report.load)] : []),
    renderBreakEven(report.breakEven),
    report.notes.join("\n"),
  ].join("\n\n");
}

function itemRows(
  items: readonly CostItem[],
  total: number,
  uncounted: readonly string[][] = [],
): string[][] {
  return [
    ...items.map(({ label, monthly }) => costRow(label, monthly)),
    ...uncounted.filter((row) => row.length > 0),
    costRow("together", total),
  ];
}

/** AWS says that instances have EBS volumes, and not how large they are (Lambda developer guide, …-security). */
function uncountedVolumes(items: readonly CostItem[]): string[] {
  const isCounted = items.some(({ kind }) => kind === "volumes");
  return isCounted
    ? []
    : ["EBS volumes, of a size that AWS does not say (--volume)", "not", "counted"];
}

function costRow(label: string, monthly: number): string[] {
  return [label, (monthly / hoursPerMonth).toFixed(3), monthly.toFixed(2)];
}

function typeTable(types: readonly TypeCost[]): string {
  const rows = types
    .slice(0, shownTypes)
    .map(({ provider, type, instances, monthly }) => [
      `${instances} × ${type}${provider === undefined ? "" : ` (${provider})`}`,
      ...Object.values(monthly).map((value) => value.toFixed(0)),
    ]);
  const more = types.length > shownTypes ? `\n… and ${types.length - shownTypes} more types` : "";
  const head = ["Instances, $/month with fee", "on demand", "1 year plan", "3 years"];
  const about =
    "\nPlans take 32 % and 65 % off EC2's price, as AWS's own calculator counts, and nothing off the fee.";
  return `${textTable([head, ...rows])}${more}${about}`;
}

function renderLoad(load: Load & LoadCost): string {
  const { rps, durationMs, environments, monthly, perMillion, items, beyondLimits } = load;
  return [
    textTable([
      [`At ${rps} requests/s of ${durationMs} ms`, "$/hour", "$/month"],
      ...itemRows(items, monthly),
    ]),
    `${environments} execution environments; ${perMillion.toFixed(2)} $ a million requests.`,
    ...(beyondLimits ? ["More than the limits let through: requests would be refused (429)."] : []),
  ].join("\n");
}

function renderBreakEven(comparison: CostReport["breakEven"]): string {
  const { rows, durationMs } = comparison;
  return [
    textTable([
      [`Requests/s of ${durationMs} ms`, "managed $/month", "ordinary $/month"],
      ...rows.map(({ rps, managed, ordinary, beyondLimits }) => [
        String(rps),
        beyondLimits ? "over limits" : managed.toFixed(0),
        ordinary.toFixed(0),
      ]),
    ]),
    verdictOf(comparison),
    "The ordinary function is taken to need the same memory, and takes one request at a time.",
  ].join("\n");
}

function verdictOf({ rps, limit }: BreakEven): string {
  const cheaper =
    rps === undefined
      ? `An ordinary function is cheaper at all of these${limit ? " that the limits let through" : ""}.`
      : `Managed instances are cheaper from ≈ ${rps} requests/s on.`;
  if (limit === undefined) return cheaper;
  return `${cheaper}\nFrom ≈ ${limit.rps} requests/s on maxEnvironments or maxVCpu lets no more through: requests would be refused (429).`;
}

const dollars = (value: number) => `$${Math.round(value).toLocaleString("en-US")}`;
