import type { LocalTarget } from "../../local/local-target.ts";
import type { Deps } from "../deps.ts";
import type { System } from "../system.ts";
import type { StartRequest } from "./background.ts";
import { namingFile } from "./fault-rules-file.ts";
import { prepareStateFolder } from "./state-folder.ts";
import { removeTargetFile, writeOwnTargetFile } from "./target-file.ts";
import { targetSettings } from "./target-settings.ts";

/** Is the local target until it is interrupted; what `lmi local up` runs in the background. */
export async function runForeground(
  { stateDir, port }: StartRequest,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  system.keepFilesPrivate();
  prepareStateFolder(stateDir);
  const interrupted = onInterrupt(system);
  const { startLocalTarget } = await import("../../local/local-target.ts");
  const faultsFile = system.env["LMI_LOCAL_FAULTS"];
  const target = await startLocalTarget({
    ...(await targetSettings(system)),
    stateDir,
    port,
    log: (message) => system.writeStderr(`${system.now().toISOString()} ${message}\n`),
  }).catch((error: unknown) => {
    throw namingFile(error, faultsFile);
  });
  writeOwnTargetFile(stateDir, target, system);
  reporter.info(`Local target at ${target.endpoint} · Ctrl-C ends it`);
  await interrupted;
  await end(target, stateDir, system);
}

function onInterrupt(system: System): Promise<void> {
  const signal = system.interrupt;
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Functions that do not end in time are left to the operating system: this process goes all the same. */
async function end(target: LocalTarget, stateDir: string, system: System): Promise<void> {
  await Promise.race([target.close(), system.sleep(4000)]);
  removeTargetFile(stateDir, system.program.pid);
}
