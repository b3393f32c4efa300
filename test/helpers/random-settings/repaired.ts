import { checkMerged } from "../../../src/cli/config/check-settings.ts";
import { mergeLayers, type Tree, valueAt, without } from "../../../src/cli/config/layers.ts";
import { REGION } from "./values.ts";

/** Settings below these keys of a function are made without regard to rules. */
const loose = /^functions\.[^.]+\.events\b/;

/**
 * The settings without what breaks a rule between settings, and with one region everywhere. What cannot be without a
 * setting that was taken out goes with it.
 */
export function repaired<Settings extends object>(settings: Settings, region: string): Settings {
  const text = JSON.stringify(settings).replaceAll(REGION, region).replaceAll("eu-west-1", region);
  let tree = JSON.parse(text) as Tree;
  for (;;) {
    const { problems } = checkMerged(mergeLayers([{ values: tree, origin: "" }]), {
      name: "folder",
      environment: undefined,
    });
    const wrong = problems.find(({ path }) => loose.test(path));
    if (wrong === undefined) return tree as Settings;
    const path = wrong.path.split(".");
    tree = without(tree, valueAt(tree, path) === undefined ? path.slice(0, -1) : path);
  }
}
