import { mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

import type { System } from "./system.ts";

/** This machine in a file name: folders of another container that shares the temporary folder are not ours to judge. */
const machine = hostname().replaceAll(/[^a-zA-Z0-9]/g, "") || "host";

/**
 * Runs `work` with an empty folder of its own and removes the folder afterwards, as well as those that commands
 * left when they were killed.
 */
export async function withTemporaryFolder<T>(
  system: Pick<System, "program" | "signalProcess">,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `lmi-${machine}-${system.program.pid}-`));
  const sweeping = removeLeft(system);
  try {
    return await work(folder);
  } finally {
    await removeOwn(folder);
    await sweeping;
  }
}

/**
 * Work that was interrupted, and cannot be stopped, may go on writing into it: what stays then goes with the next
 * command, and is never the failure that people are told.
 */
async function removeOwn(folder: string): Promise<void> {
  const again = { maxRetries: 5, retryDelay: 50 };
  await rm(folder, { recursive: true, force: true, ...again }).catch(() => undefined);
}

/** Folders whose process is gone. What cannot be read or removed is not ours, and no reason to fail. */
async function removeLeft({
  program,
  signalProcess,
}: Pick<System, "program" | "signalProcess">): Promise<void> {
  const ours = new RegExp(`^lmi-${machine}-(?<pid>\\d+)-`);
  const names = await readdir(tmpdir()).catch(() => []);
  const left = names.filter((name) => {
    const pid = Number(ours.exec(name)?.groups?.["pid"] ?? 0);
    return pid > 0 && pid !== program.pid && !signalProcess(pid, 0);
  });
  await Promise.all(
    left.map((name) =>
      rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined),
    ),
  );
}
