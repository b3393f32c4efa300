import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommandLine } from "../../../src/cli/run-command-line.ts";
import { systemClock } from "../../../src/local/clock.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";

/** A command that has ended, as its user sees it. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One project in one region of the target: lanes do not disturb each other. */
export interface Lane {
  readonly region: string;
  readonly folder: string;
  /** Runs `lmi <args> --region <region>`. */
  lmi(...args: readonly string[]): Promise<Outcome>;
  /** Other code, which the next deploy uploads. */
  writeHandler(answer: string): Promise<void>;
}

/** Waits of up to this many milliseconds pass faster; limits of an hour keep their length. */
const longest = 5 * 60_000;
const haste = 20;

/** A clock for one command: what it sleeps, it believes to have slept. */
function hastyClock() {
  let skipped = 0;
  return {
    now: () => new Date(Date.now() + skipped),
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      if (milliseconds > longest) return systemClock.sleep(milliseconds, signal);
      await systemClock.sleep(milliseconds / haste, signal);
      skipped += milliseconds - milliseconds / haste;
    },
  };
}

export async function openLane(
  parent: string,
  region: string,
  env: Readonly<Record<string, string>>,
): Promise<Lane> {
  const folder = join(parent, region);
  await mkdir(join(folder, "src"), { recursive: true });
  const settings = { name: region, functions: { [`f-${region}`]: { entry: "src/handler.ts" } } };
  await writeFile(join(folder, "lmi.json"), JSON.stringify(settings));
  const writeHandler = (answer: string) =>
    writeFile(
      join(folder, "src/handler.ts"),
      `export const handler = async () => ${JSON.stringify(answer)};\n`,
    );
  await writeHandler("one");
  return {
    region,
    folder,
    writeHandler,
    lmi: async (...args) => {
      const system = recordingSystem({
        ...hastyClock(),
        env,
        cwd: folder,
        home: folder,
      });
      const code = await runCommandLine([...args, "--region", region], system);
      return { code, ...system.written };
    },
  };
}
