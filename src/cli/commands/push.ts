import { Command } from "commander";

import type { Aws } from "../../aws/ports.ts";
import { deployedFunctionName } from "../../synth/names.ts";
import type { Settings } from "../../synth/settings.ts";
import { type LoadedSettings, loadSettings } from "../config/load-settings.ts";
import { settingFlags, type SettingFlagValues } from "../config/setting-flags.ts";
import type { Deps } from "../deps.ts";
import { lookUpNetwork } from "../lookups/look-up-network.ts";
import { runBuilds } from "../run-builds.ts";
import { addSettingOptions, projectOptions, settingsRequest } from "../setting-options.ts";
import { examples, type SharedOptions, targetOptions } from "../shared-options.ts";
import { withinLimits } from "./deploy/within-limits.ts";
import { withPrepared } from "./deploy/prepare.ts";
import { parseProbe } from "./deploy/probe-payload.ts";
import { refuseUnrunnable } from "./deploy/refuse-unrunnable.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { parseMinutes } from "./deploy/time-limit.ts";
import { noSuchFunction } from "./function-of.ts";
import { beforePush } from "./push/phases.ts";
import { pushProject } from "./push/push-project.ts";
import { type Pushed, renderPushed } from "./push/pushed.ts";

export interface PushOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  /** Names in the settings or at AWS; none: all. */
  readonly functions: readonly string[];
  /** False with `--no-probe`; a string is the event to send; true is `{}`. */
  readonly probe: string | boolean;
  readonly maxWait: string;
  /** Push again on each save, until interrupted. */
  readonly watch: boolean;
}

interface PushFlags {
  readonly watch?: boolean;
  readonly probe?: string | boolean;
  readonly maxWait: string;
}

type PushDeps = Pick<Deps, "system" | "reporter" | "prompter" | "aws">;

export function pushCommand(deps: Deps, run: typeof runPush = runPush): Command {
  const command = new Command("push")
    .description("Bring new code to a deployed function, in seconds")
    .argument("[functions...]", "which functions (default: all)")
    .option("--watch", "push again on each save, until Ctrl-C")
    .option("--probe <event>", "event of the first request: JSON or a file (default: {})")
    .option("--no-probe", "send no first request")
    .option("--max-wait <minutes>", "how long to wait; AWS goes on afterwards", "15")
    .addHelpText(
      "after",
      examples([
        ["lmi push", "build, upload, publish, wait until the new code answers"],
        ["lmi push checkout", "one function of several"],
        ["lmi push --watch", "and again on each save"],
        ["lmi push --local", "the same on the local target"],
      ]),
    );
  return addSettingOptions(command).action(
    (functions: readonly string[], flags: PushFlags, self: Command) =>
      run(pushOptions(functions, flags, self, deps), deps),
  );
}

function pushOptions(
  functions: readonly string[],
  flags: PushFlags,
  command: Command,
  { system }: Deps,
): PushOptions {
  const given = projectOptions(command, system);
  return {
    ...given,
    settings: meaning(functions, given.settings),
    functions,
    probe: flags.probe ?? true,
    maxWait: flags.maxWait,
    watch: flags.watch ?? false,
  };
}

/** Flags for a function mean the one that is pushed, where that is said. */
function meaning(functions: readonly string[], settings: SettingFlagValues): SettingFlagValues {
  const [only, ...others] = functions;
  const isOfFunction = settingFlags.some(
    ({ scope, attribute }) => scope === "function" && settings[attribute] !== undefined,
  );
  return only !== undefined && others.length === 0 && isOfFunction
    ? { function: only, ...settings }
    : settings;
}

export async function runPush(options: PushOptions, deps: PushDeps): Promise<void> {
  await sayingLocal(options, "push", async () => {
    const { system, reporter } = deps;
    const minutes = parseMinutes(options.maxWait);
    const probe = await parseProbe(options.probe, system);
    const push = (onLoaded?: OnLoaded) => loadAndPush(options, { minutes, probe }, deps, onLoaded);
    if (!options.watch) return reporter.result(await push(), renderPushed);
    const { pushOnSave } = await import("./push/watch.ts");
    return pushOnSave({ push, projectDir: system.cwd }, deps);
  });
}

type OnLoaded = (loaded: LoadedSettings) => Promise<void>;

async function loadAndPush(
  options: PushOptions,
  plan: Omit<PushPlan, "keys">,
  deps: PushDeps,
  onLoaded?: OnLoaded,
): Promise<Pushed> {
  const { system, reporter } = deps;
  const loaded = await loadSettings(settingsRequest(options, system));
  await onLoaded?.(loaded);
  if (options.local) refuseUnrunnable(loaded.settings);
  for (const warning of loaded.warnings) reporter.warn(warning);
  const { ttl } = options.settings;
  if (typeof ttl === "string")
    reporter.warn(
      `--ttl is ignored: a push leaves when the stack goes as it is. Begin it anew: lmi deploy --ttl ${ttl}`,
    );
  const keys = chosenFunctions(options, loaded.settings);
  const { projectDir } = loaded;
  const connect = () =>
    deps.aws(targetOptions(options, { region: loaded.settings.region, projectDir }));
  const complete = await lookUpNetwork(loaded, connect, reporter);
  return pushOnce(complete, connect, { ...plan, keys }, deps);
}

interface PushPlan {
  readonly keys: readonly string[];
  readonly minutes: number;
  readonly probe: Uint8Array | undefined;
}

async function pushOnce(
  loaded: LoadedSettings,
  connect: () => Promise<Aws>,
  plan: PushPlan,
  deps: PushDeps,
): Promise<Pushed> {
  return withinLimits(deps.system, beforePush, async (limits) => {
    await runBuilds(loaded, deps, limits.signal);
    return withPrepared(loaded, deps.system, (prepared) =>
      pushProject({ loaded, prepared, connect, limits, ...plan }, deps),
    );
  });
}

/** Keys of the settings that names mean, as typed or as deployed; without any name all. */
function chosenFunctions(
  { functions: named, settings: flags }: Pick<PushOptions, "functions" | "settings">,
  { functions, environment }: Pick<Settings, "functions" | "environment">,
): string[] {
  const keys = Object.keys(functions);
  const flag = flags["function"];
  const names = [...named, ...(typeof flag === "string" ? [flag] : [])];
  if (names.length === 0) return keys;
  const chosen = names.map((name) => {
    const key = keys.find(
      (each) => each === name || deployedFunctionName(each, environment) === name,
    );
    if (key === undefined) {
      const deployed = keys.map((each) => deployedFunctionName(each, environment));
      throw noSuchFunction(name, deployed);
    }
    return key;
  });
  return [...new Set(chosen)];
}
