import type { StackResource } from "../../../aws/ports.ts";
import { aDay } from "../../../synth/cost/day-cost.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import { aboutInterface, leftThings, perDayOf } from "../../../deploy/left-behind.ts";
import { nameOf } from "../../../deploy/prune-versions.ts";
import { inWords } from "../../../deploy/resource-words.ts";
import type { Reporter } from "../../output/reporter.ts";
import { wrap, wrapList } from "../../output/wrap.ts";
import type { Plan } from "./plan.ts";

/** What goes, what stays, and what is in the way; before the question. */
export function sayPlan(plan: Plan, reporter: Reporter, prices: PriceList): void {
  const { going, staying, prune, foreign, declared } = plan;
  if (going.length === 0) reporter.info("- nothing but the stack itself");
  else reporter.info(wrapList(`- ${counted(going.length, "resource")}: `, inWords(going), 2));
  if (prune.length > 0)
    reporter.info(
      wrapList(
        `- ${counted(prune.length, "published version")} before: `,
        prune.map(nameOf).join(", "),
        2,
      ),
    );
  if (staying.length > 0) {
    const cost = perDayOf(leftThings({ resources: staying, declared }, prices));
    const costing = cost === 0 ? "" : ` (${aDay(cost)}, instances not counted)`;
    const what = `= ${counted(staying.length, "resource")} ${staying.length === 1 ? "stays" : "stay"}${costing}: `;
    reporter.info(wrapList(what, inWords(staying), 2));
  }
  if (going.some(isLogGroup))
    reporter.info(
      staying.some(isLogGroup)
        ? "  The log groups that go take what is in them along."
        : "  The log groups go with what is in them.",
    );
  for (const each of foreign)
    reporter.warn(
      wrap(
        `${each.networkInterfaceId} in ${each.subnetId} is not of this stack (${aboutInterface(each)}): the network cannot go while it is there, and lmi does not touch it.`,
        2,
      ),
    );
  reporter.event("resources", { resources: going, staying, versions: prune });
}

function isLogGroup({ type }: StackResource): boolean {
  return type === "AWS::Logs::LogGroup";
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
