import { approximately, monthlyCost } from "../../../synth/cost/monthly-cost.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import type { Settings } from "../../../synth/settings.ts";
import { scaffold } from "../../../templates/scaffold.ts";
import type { ScaffoldAnswers } from "../../../templates/scaffold-answers.ts";
import { checkMerged } from "../../config/check-settings.ts";
import { mergeLayers } from "../../config/layers.ts";
import type { Tree } from "../../config/layers.ts";
import { settingsError } from "../../config/problem.ts";
import { templatesFolder } from "./templates-folder.ts";

/** The settings that the answers come to, checked exactly as lmi.json will be. */
export async function checkedSettings(answers: ScaffoldAnswers): Promise<Settings> {
  const { settings, problems } = await check(answers);
  if (problems.length > 0 || !settings) throw settingsError(problems, "lmi.json");
  return settings;
}

async function check(answers: ScaffoldAnswers) {
  const files = await scaffold(answers, templatesFolder);
  const { $schema: _, ...values } = JSON.parse(files["lmi.json"] ?? "{}") as Tree;
  const merged = mergeLayers([{ values, origin: "the answers" }]);
  return checkMerged(merged, { name: answers.name, environment: undefined });
}

/** What the network of the answers costs, e.g. `≈ $33/month`; nothing to say while the answers are wrong. */
export async function networkCost(answers: ScaffoldAnswers, prices: PriceList): Promise<string> {
  const { settings, problems } = await check(answers);
  if (!settings || problems.length > 0) return "";
  const network = monthlyCost(settings, { prices }).items.filter(
    ({ kind }) => kind !== "instances" && kind !== "fee",
  );
  const dollars = network.reduce((sum, { monthly }) => sum + monthly, 0);
  return dollars === 0 ? "free" : `${approximately(dollars)}/month`;
}
