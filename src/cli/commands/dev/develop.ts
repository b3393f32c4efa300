import { untilAborted } from "../../../deploy/until-aborted.ts";
import { LmiError } from "../../../errors.ts";
import type { LocalTarget } from "../../../local/local-target.ts";
import { type LoadedSettings, loadSettings } from "../../config/load-settings.ts";
import type { Deps } from "../../deps.ts";
import { stateFolder } from "../../local/state-folder.ts";
import { takePlace } from "../../local/take-place.ts";
import { settingsRequest } from "../../setting-options.ts";
import { withTemporaryFolder } from "../../temporary-folder.ts";
import { refuseUnrunnable } from "../deploy/refuse-unrunnable.ts";
import { type Limits, startLimits } from "../deploy/time-limit.ts";
import type { DevOptions } from "../dev.ts";
import {
  type ActivityLine,
  activityLine,
  hasLine,
  liveLine,
  type OpenLine,
} from "./activity-line.ts";
import { functionNamesOf } from "./function-names.ts";
import { openDebugDoors } from "./debug-doors.ts";
import { lineLayout } from "../logs/log-view.ts";
import { type EventRecorder, eventRecorder } from "./event-recorder.ts";
import { reloadOnSave } from "./reload-on-save.ts";
import { checkEvent } from "./send-event.ts";
import { devView } from "./view.ts";

type DevDeps = Pick<Deps, "system" | "reporter">;

/** Runs the project's functions here, and brings each save into service, until it is interrupted. */
export async function develop(
  options: DevOptions,
  deps: DevDeps,
  openLine: OpenLine = liveLine,
): Promise<void> {
  const { system } = deps;
  const loaded = await loadSettings(settingsRequest(options, system));
  refuseUnrunnable(loaded.settings);
  await checkEvent(options, loaded.settings, system);
  const recorder = eventRecorder(options, loaded.settings, deps);
  const limits = startLimits(system, { awsGoesOn: "", comeBack: "" });
  try {
    await host({ options, loaded, recorder, limits, openLine }, deps);
  } catch (error) {
    // An interruption is how it ends; the exit code says which.
    if (!(error instanceof LmiError && error.code === "LMI_INTERRUPTED")) throw error;
    deps.reporter.event("ended", {});
  } finally {
    limits.end();
  }
}

interface Hosting {
  readonly options: DevOptions;
  readonly loaded: LoadedSettings;
  readonly recorder: EventRecorder | undefined;
  readonly limits: Limits;
  readonly openLine: OpenLine;
}

async function host(
  { options, loaded, recorder, limits, openLine }: Hosting,
  deps: DevDeps,
): Promise<void> {
  const { json, quiet } = options;
  const layout = await lineLayout(options, deps);
  let line: ActivityLine | undefined;
  const view = devView({ json, quiet, layout, recorder, onActivity: () => line?.changed() }, deps);
  const { doors, close: closeDoors } = await openDebugDoors(
    options.inspect,
    functionNamesOf(loaded.settings),
  );
  const debugPorts = new Map([...doors].map(([name, { port }]) => [name, port]));
  let target: LocalTarget | undefined;
  try {
    target = await takePlace(
      {
        stateDir: stateFolder(deps.system, loaded.projectDir),
        port: options.port,
        functions: { watch: view, debug: (name) => doors.get(name), vCpuLimit: false },
      },
      deps,
    );
    if (hasLine(options, deps.system)) {
      const project = loaded.settings.name;
      line = activityLine(await openLine(options, deps.system), { project, read: view.read });
    }
    const { signal } = limits;
    signal.addEventListener("abort", view.ending, { once: true });
    const ignore = recorder?.file;
    const parts = { options, loaded, view, target, ignore, signal, debugPorts };
    await withTemporaryFolder(deps.system, (folder) =>
      untilAborted(reloadOnSave({ ...parts, folder }, deps), signal),
    );
  } finally {
    line?.close();
    await target?.close();
    await closeDoors();
  }
}
