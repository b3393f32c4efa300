import { functionFlags } from "./function-flags.ts";
import { projectFlags } from "./project-flags.ts";
import type { SettingFlag } from "./setting-flag.ts";

/** What the option builder hands to loadSettings, by attribute; absent means not given. Repeatable flags hand in arrays. */
export type SettingFlagValues = Readonly<
  Record<string, string | boolean | readonly string[] | undefined>
>;

/** All of them, in the order of the help. */
export const settingFlags: readonly SettingFlag[] = [
  ...projectFlags,
  {
    flags: "--function <name>",
    attribute: "function",
    scope: "selector",
    path: [],
    kind: "string",
    variable: "LMI_FUNCTION",
    description: "the function that function settings mean, when there are several",
  },
  ...functionFlags,
  {
    flags: "--allow-unsupported-runtime",
    attribute: "allowUnsupportedRuntime",
    scope: "project",
    path: ["allowUnsupportedRuntime"],
    kind: "boolean",
    variable: "LMI_ALLOW_UNSUPPORTED_RUNTIME",
    description: "leave the decision about the runtime to AWS",
  },
];
