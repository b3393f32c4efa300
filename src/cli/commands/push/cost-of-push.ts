import { isRecord } from "../../../is-record.ts";
import { keptPrices } from "../../prices/kept-prices.ts";
import type { System } from "../../system.ts";
import { type CostChange, costOfTemplate } from "../diff/cost-change.ts";
import { costWords } from "../diff/cost-words.ts";
import type { Prepared } from "../deploy/prepare.ts";
import type { PushTask } from "./push-tasks.ts";

export type PushCost = Required<Pick<CostChange, "before" | "after">>;

/** A month with what runs now, and with what is pushed; all else is as the project says, or it could not be pushed. */
export function costOfPush(
  tasks: readonly Pick<PushTask, "functionName" | "settings">[],
  { settings, template }: Pick<Prepared, "settings" | "template">,
  region: string,
  system: Pick<System, "env" | "home" | "program" | "now">,
): PushCost {
  const prices = keptPrices(region, system);
  return {
    before: costOfTemplate(settings, asItRuns(template, tasks), prices),
    after: costOfTemplate(settings, template, prices),
  };
}

export function pushCostWords(cost: PushCost, isLocal: boolean): string {
  const words = costWords(cost);
  return isLocal ? words.replace(/^Cost {4}/, "Cost    on AWS ") : words;
}

/** The template with the functions' values from before the push. */
function asItRuns(
  template: Readonly<Record<string, unknown>>,
  tasks: readonly Pick<PushTask, "functionName" | "settings">[],
): Readonly<Record<string, unknown>> {
  const resources = isRecord(template["Resources"]) ? template["Resources"] : {};
  const before = Object.entries(resources).map(([id, resource]) => {
    const properties = isRecord(resource) ? resource["Properties"] : undefined;
    if (!isRecord(resource) || !isRecord(properties)) return [id, resource];
    const task = tasks.find(({ functionName }) => properties["FunctionName"] === functionName);
    const changed = (task?.settings ?? []).map(({ name, from }) => [name, from]);
    return [id, { ...resource, Properties: { ...properties, ...Object.fromEntries(changed) } }];
  });
  return { ...template, Resources: Object.fromEntries(before) };
}
