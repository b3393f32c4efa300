import { LmiError } from "../../../errors.ts";
import type { LocalTarget } from "../../../local/local-target.ts";
import { type LoadedSettings, loadSettings } from "../../config/load-settings.ts";
import { namedRegion } from "../../connect-target.ts";
import type { Deps } from "../../deps.ts";
import { eachSave } from "../../each-save.ts";
import { projectFolders } from "../../project-folders.ts";
import { settingsRequest } from "../../setting-options.ts";
import { refuseUnrunnable } from "../deploy/refuse-unrunnable.ts";
import { silentEvents } from "../deploy/silent-events.ts";
import type { DevOptions } from "../dev.ts";
import { timeText } from "./activity.ts";
import { functionNamesOf } from "./function-names.ts";
import { ownCalls, refusalOf } from "./own-calls.ts";
import { type Ready, readyData, readyText } from "./ready.ts";
import { type Round, rounds } from "./round.ts";
import { eventFunction, sendEvent } from "./send-event.ts";
import type { DevView } from "./view.ts";

export interface Reloading {
  readonly options: DevOptions;
  /** As it was at first. */
  readonly loaded: LoadedSettings;
  readonly view: DevView;
  readonly target: LocalTarget;
  /** A file whose saves are lmi's own, absolute. */
  readonly ignore: string | undefined;
  /** For what is built. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Where debuggers come in, by function. */
  readonly debugPorts: ReadonlyMap<string, number>;
}

type DevDeps = Pick<Deps, "system" | "reporter">;

/** Milliseconds: short, since whoever saves waits for it; what is saved later comes with the next round. */
const quiet = 20;
const waiting = { awsGoesOn: "", comeBack: "lmi dev" };

/** Brings the project into service now, and after each save; what does not work is told, and leaves what answered before. */
export function reloadOnSave(parts: Reloading, deps: DevDeps): Promise<never> {
  const { options, loaded, target, folder, signal } = parts;
  const { system, reporter } = deps;
  const projectRegion = loaded.settings.region;
  const region = namedRegion({ region: options.region, projectRegion }, system) ?? "us-east-1";
  const bring = rounds({ target, region, debugs: parts.debugPorts.size > 0, folder, signal }, deps);
  const told = teller({ ...parts, region }, deps);
  return eachSave(
    {
      projectDir: loaded.projectDir,
      ignore: parts.ignore,
      quiet,
      waiting,
      onWaiting: () => reporter.event("watching", {}),
      work: async (folders, saved) => {
        const started = performance.now();
        let latest = loaded;
        try {
          latest = await loadSettings(settingsRequest(options, system));
          refuseUnrunnable(latest.settings);
          const isNewConfig = latest.configFile !== undefined && saved.has(latest.configFile);
          const round = await bring(latest, isNewConfig);
          told.brought(latest, round, performance.now() - started);
        } catch (error) {
          if (signal.aborted) throw error;
          tellFailure(error, reporter);
          reporter.info(told.isReady() ? goesOn : nothingYet);
        }
        // Afterwards: nobody waits for it.
        folders.set(await projectFolders(latest));
        return Object.values(latest.settings.functions).some(({ build }) => build !== undefined);
      },
    },
    deps,
  );
}

const goesOn = "The code before goes on answering. Watching for saves.";
const nothingYet = "Nothing answers yet. Watching for saves.";

interface Teller {
  readonly brought: (loaded: LoadedSettings, round: Round, milliseconds: number) => void;
  /** Whether anything has been brought so far. */
  readonly isReady: () => boolean;
}

/** Says what a round came to, and sends the event of `--event`. */
function teller(parts: Reloading & { readonly region: string }, deps: DevDeps): Teller {
  const { options, view, target, region } = parts;
  const { reporter } = deps;
  const call = ownCalls(target, region);
  let isReady = false;
  const brought: Teller["brought"] = (
    { settings, warnings },
    { changed, outputs },
    milliseconds,
  ) => {
    view.shows(functionNamesOf(settings));
    if (changed.length > 0) view.reloaded();
    if (!isReady) {
      isReady = true;
      for (const warning of [...warnings, ...silentEvents(settings)]) reporter.warn(warning);
      sayReady({ ...parts, endpoint: target.endpoint, settings, outputs }, reporter);
    } else if (changed.length > 0) sayReloaded(changed, milliseconds, reporter);
    if (options.event === undefined) return;
    const functionName = eventFunction(options, settings);
    // Beside what comes next: it may take as long as the function may.
    sendEvent({ functionName, event: options.event }, call, deps).catch((error: unknown) =>
      tellFailure(error, reporter),
    );
  };
  return { brought, isReady: () => isReady };
}

function sayReady(ready: Ready, reporter: Deps["reporter"]): void {
  for (const line of readyText(ready)) reporter.info(line);
  reporter.event("ready", readyData(ready));
}

function sayReloaded(
  functions: readonly string[],
  milliseconds: number,
  reporter: Deps["reporter"],
): void {
  reporter.info(`Reloaded ${functions.join(", ")} in ${timeText(milliseconds)}`);
  reporter.event("reloaded", { functions, milliseconds: Math.round(milliseconds) });
}

/** A save may mend it; what is lmi's own fault ends everything. */
function tellFailure(error: unknown, reporter: Deps["reporter"]): void {
  if (error instanceof LmiError) return reporter.failure(error);
  const refusal = refusalOf(error);
  if (!refusal) throw error;
  const { code, message } = refusal;
  reporter.failure(
    new LmiError("LMI_DEV_REFUSED", `Lambda refused this here: ${code}`, {
      why: message,
      next: "Mend it and save: it is tried again.",
    }),
  );
}
