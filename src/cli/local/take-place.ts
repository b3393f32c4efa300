import { LmiError } from "../../errors.ts";
import type { FunctionOptions, LocalTarget } from "../../local/local-target.ts";
import type { Deps } from "../deps.ts";
import { stopLocalTarget } from "./background.ts";
import { namingFile } from "./fault-rules-file.ts";
import { tryStartLock } from "./start-lock.ts";
import { prepareStateFolder } from "./state-folder.ts";
import { findRunning, removeTargetFile, writeOwnTargetFile } from "./target-file.ts";
import { targetSettings } from "./target-settings.ts";

export interface PlaceRequest {
  readonly stateDir: string;
  /** 0: the one of the last time where it is free, else any. */
  readonly port: number;
  readonly functions: FunctionOptions;
}

type PlaceDeps = Pick<Deps, "system" | "reporter">;

/** How long another command may take to start a target. */
const lockedWithin = 10_000;
/** Milliseconds that functions have to end. */
const endsWithin = 4000;

/**
 * The project's local target in this process, with all that it remembers: what runs in the background ends, and every
 * `lmi … --local` comes here until it is closed. Fails with LMI_DEV_RUNNING where another `lmi dev` has the place.
 */
export async function takePlace(request: PlaceRequest, deps: PlaceDeps): Promise<LocalTarget> {
  const { stateDir } = request;
  const { system } = deps;
  prepareStateFolder(stateDir);
  const release = await locked(stateDir, deps);
  try {
    await endBackground(stateDir, deps);
    const target = await start(request, deps);
    writeOwnTargetFile(stateDir, target, system, "dev");
    const close = async () => {
      removeTargetFile(stateDir, system.program.pid);
      await Promise.race([target.close(), system.sleep(endsWithin)]);
    };
    return { ...target, close };
  } finally {
    release();
  }
}

async function start(
  { stateDir, port, functions }: PlaceRequest,
  { system, reporter }: PlaceDeps,
): Promise<LocalTarget> {
  const { startLocalTarget } = await import("../../local/local-target.ts");
  return startLocalTarget({
    ...(await targetSettings(system)),
    stateDir,
    port,
    functions,
    log: (message) => reporter.detail(message),
  }).catch((error: unknown) => {
    throw namingFile(error, system.env["LMI_LOCAL_FAULTS"]);
  });
}

async function endBackground(stateDir: string, { system, reporter }: PlaceDeps): Promise<void> {
  const running = await findRunning(stateDir, system);
  if (!running) return;
  if (running.by === "dev") {
    throw new LmiError(
      "LMI_DEV_RUNNING",
      `lmi dev runs already, as process ${running.pid}, at ${running.endpoint}.`,
      {
        why: "A project has one local target, and that is it.",
        next: "End it with Ctrl-C where it runs, or: lmi local down",
      },
    );
  }
  await stopLocalTarget(stateDir, system);
  reporter.info(
    "The local target ran in the background; it runs here from now on, with its state.",
  );
}

async function locked(stateDir: string, { system }: PlaceDeps): Promise<() => void> {
  const deadline = system.now().getTime() + lockedWithin;
  for (;;) {
    const release = tryStartLock(stateDir, system.program.pid, system);
    if (release) return release;
    if (system.now().getTime() >= deadline) {
      throw new LmiError("LMI_LOCAL_NOT_READY", "The local target did not start.", {
        why: "Another command has been starting it for all that time.",
        next: "See what it says: lmi local up --foreground",
      });
    }
    // Waiting for another process
    await system.sleep(20);
  }
}
