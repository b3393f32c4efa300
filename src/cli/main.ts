import { ExitCode } from "../errors.ts";
import { endWhenWritten, liveSystem } from "./live-system.ts";
import type { System } from "./system.ts";
import { ownVersion } from "./version.ts";

/** argv → exit code. Every failure of every command ends in the one `catch` here. */
export async function main(
  argv: readonly string[],
  system: System = liveSystem(),
): Promise<ExitCode> {
  if (argv[0] === "--version" || argv[0] === "-V") {
    system.writeStdout(`${ownVersion()}\n`);
    return ExitCode.ok;
  }
  const { runCommandLine } = await import("./run-command-line.ts");
  return runCommandLine(argv, system);
}

/** For bin/lmi.js. */
export async function mainProcess(argv: readonly string[]): Promise<ExitCode> {
  const system = liveSystem();
  const code = await main(argv, system);
  // After a signal or a failure, calls to AWS may still hang; nobody wants to wait for those.
  return system.interruptedBy || code !== ExitCode.ok ? endWhenWritten(code) : code;
}
