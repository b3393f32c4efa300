import { Command } from "commander";

import { ExitCode, LmiError } from "../../errors.ts";
import { awsExports } from "../aws-exports.ts";
import { namedRegion } from "../connect-target.ts";
import { declined } from "../declined.ts";
import type { Deps } from "../deps.ts";
import { stateFolder } from "../local/state-folder.ts";
import { faultCommand } from "./local/fault.ts";
import { examples, sharedOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { projectOf } from "../project-of.ts";

export interface LocalUpOptions extends SharedOptions {
  readonly foreground: boolean;
  readonly port: string | undefined;
}

export interface LocalStatus {
  readonly running: boolean;
  readonly endpoint: string | null;
  readonly region: string;
  readonly accountId: string;
  readonly pid: number | null;
  readonly stateDir: string;
  /** Rules of what is to go wrong; only a running target tells. */
  readonly faults: number | null;
}

type LocalDeps = Pick<Deps, "system" | "reporter" | "prompter">;

/** The local target's one account. */
const accountId = "000000000000";

export function localCommand(
  deps: Deps,
  run = { up: runUp, down: runDown, status: runLocalStatus, reset: runReset },
): Command {
  const shared = (command: Command) => sharedOptions(command, deps.system);
  const up = new Command("up")
    .description("Start it, and print what points other AWS tools at it")
    .option("--foreground", "stay in this terminal, log to stderr")
    .option("--port <number>", "port to listen on (default: any free one)")
    .action((flags: { foreground?: true; port?: string }, command: Command) =>
      run.up({ ...shared(command), foreground: flags.foreground ?? false, port: flags.port }, deps),
    );
  const down = new Command("down")
    .description("Stop it; its state stays")
    .action((_flags: object, command: Command) => run.down(shared(command), deps));
  const status = new Command("status")
    .description("Show whether and where it runs")
    .action((_flags: object, command: Command) => run.status(shared(command), deps));
  const reset = new Command("reset")
    .description("Stop it and delete everything it remembers")
    .action((_flags: object, command: Command) => run.reset(shared(command), deps));
  const local = new Command("local")
    .description("Start, stop and inspect the local target")
    .addHelpText(
      "after",
      examples([
        ["lmi local up", "start it in the background"],
        [`eval "$(lmi local up)"`, "and point the AWS CLI of this shell at it"],
        ["lmi local status --json", "for scripts"],
        ["lmi local fault add throttle --service lambda", "see what a failure does"],
        ["lmi local reset --yes", "forget everything"],
      ]),
    );
  for (const command of [up, down, status, reset]) {
    command.addHelpText(
      "after",
      examples([[`lmi local ${command.name()}`, command.description()]]),
    );
    local.addCommand(command);
  }
  return local.addCommand(faultCommand(deps));
}

export async function runUp(options: LocalUpOptions, deps: LocalDeps): Promise<void> {
  const port = portOf(options.port);
  const stateDir = await folderOf(options, deps);
  if (options.foreground) {
    const { runForeground } = await import("../local/foreground.ts");
    return runForeground({ stateDir, port }, deps);
  }
  const { ensureLocalTarget } = await import("../local/background.ts");
  const target = await ensureLocalTarget({ stateDir, port }, deps);
  if (port !== 0 && target.port !== port) throw otherPort(port, target.port);
  const region = namedRegion(options, deps.system) ?? "us-east-1";
  const { endpoint, pid } = target;
  deps.reporter.result(
    {
      running: true,
      endpoint,
      region,
      accountId,
      pid,
      stateDir,
      faults: await countFaults(endpoint),
    } satisfies LocalStatus,
    (status) => awsExports(status).join("\n"),
  );
}

export async function runDown(options: SharedOptions, deps: LocalDeps): Promise<void> {
  const stateDir = await folderOf(options, deps);
  const { stopLocalTarget } = await import("../local/background.ts");
  const stopped = await stopLocalTarget(stateDir, deps.system);
  deps.reporter.result({ stopped, stateDir }, () => "");
  deps.reporter.info(
    stopped ? "The local target is stopped; its state stays." : "The local target was not running.",
  );
}

export async function runLocalStatus(options: SharedOptions, deps: LocalDeps): Promise<void> {
  const stateDir = await folderOf(options, deps);
  const { findRunning } = await import("../local/target-file.ts");
  const target = await findRunning(stateDir, deps.system);
  const status: LocalStatus = {
    faults: target ? await countFaults(target.endpoint) : null,
    running: target !== undefined,
    endpoint: target?.endpoint ?? null,
    region: namedRegion(options, deps.system) ?? "us-east-1",
    accountId,
    pid: target?.pid ?? null,
    stateDir,
  };
  deps.reporter.result(status, renderLocalStatus);
}

export function renderLocalStatus(status: LocalStatus): string {
  return [
    `Local target  ${status.running ? `running at ${status.endpoint}, process ${status.pid}` : "not running"}`,
    `Account       ${status.accountId} · ${status.region}`,
    `State         ${status.stateDir}`,
    ...(status.faults ? [`Faults        ${status.faults}: lmi local fault list`] : []),
  ].join("\n");
}

async function countFaults(endpoint: string): Promise<number> {
  const { faultClient } = await import("../local/fault-client.ts");
  return (await faultClient(endpoint).list()).length;
}

export async function runReset(options: SharedOptions, deps: LocalDeps): Promise<void> {
  const stateDir = await folderOf(options, deps);
  const message = `Delete everything that the local target remembers in ${stateDir}?`;
  if (!(await deps.prompter.confirm({ message, flag: "--yes" }))) throw declined();
  const { resetLocalTarget } = await import("../local/reset.ts");
  const { removed, kept } = await resetLocalTarget(stateDir, deps.system);
  deps.reporter.result({ removed, stateDir, kept }, () => "");
  if (kept.length > 0) {
    deps.reporter.warn(`${stateDir} stays, with what is not lmi's in it: ${kept.join(", ")}`);
  }
  deps.reporter.info(
    removed ? "The local target and its state are gone." : "There was nothing to delete.",
  );
}

async function folderOf(options: SharedOptions, { system }: LocalDeps): Promise<string> {
  if (system.env["LMI_LOCAL_STATE"]) return stateFolder(system, system.cwd);
  const { projectDir } = await projectOf(options, system);
  return stateFolder(system, projectDir);
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new LmiError("LMI_USAGE", `--port ${text} is not a port.`, {
    why: "It must be a whole number from 1 to 65535, or 0 for any free port.",
    exitCode: ExitCode.usage,
  });
}

function otherPort(wanted: number, actual: number): LmiError {
  return new LmiError("LMI_LOCAL_RUNNING", `The local target already runs, on port ${actual}.`, {
    next: `Stop it first: lmi local down && lmi local up --port ${wanted}`,
  });
}
