import { Command } from "commander";

import { ExitCode, LmiError } from "../../errors.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import type { Deps } from "../deps.ts";
import { addSettingOptions, projectOptions } from "../setting-options.ts";
import type { OpenLine } from "./dev/activity-line.ts";
import { examples, type SharedOptions } from "../shared-options.ts";

export interface DevOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  /** Sent after each reload, to the only function or the one of `--function`. */
  readonly event: string | undefined;
  /** File that the events of the same function are kept in. */
  readonly record: string | undefined;
  /** Port for the debugger of the first function; the next function has the next one. undefined: none. */
  readonly inspect: number | undefined;
  /** 0: the one of the last time where it is free, else any. */
  readonly port: number;
  readonly color: boolean;
}

interface DevFlags {
  readonly event?: string;
  readonly inspect?: string | true;
  readonly port?: string;
  readonly record?: string;
}

type DevDeps = Pick<Deps, "system" | "reporter">;

/** Node's own. */
const usualInspectPort = 9229;

export function devCommand(deps: Deps, run: typeof runDev = runDev): Command {
  const command = new Command("dev")
    .description("Run the functions on this machine as on AWS, anew on each save")
    .option("--event <event>", "send it after each reload: JSON or a file")
    .option("--record <file>", "keep the events that requests send, for lmi race")
    .option("--inspect [port]", `let a debugger in (default: ${usualInspectPort})`)
    .option("--port <number>", "port to listen on (default: as last time, or any)")
    .addHelpText(
      "after",
      examples([
        ["lmi dev", "run, reload on each save, until Ctrl-C"],
        ["lmi invoke --local", "beside it, in another terminal"],
        ["lmi dev --event events/sample.json", "see what each save makes of an event"],
        ["lmi dev --record events/recorded.json", "then: lmi race"],
        ["lmi dev --inspect", "and attach VS Code or Chrome to port 9229"],
      ]),
    );
  return addSettingOptions(command).action((flags: DevFlags, self: Command) =>
    run(devOptions(flags, self, deps), deps),
  );
}

function devOptions(flags: DevFlags, command: Command, { system }: Deps): DevOptions {
  const { color = true } = command.optsWithGlobals<{ color?: boolean }>();
  const inspect = flags.inspect === true ? usualInspectPort : flags.inspect;
  return {
    ...projectOptions(command, system),
    color,
    event: flags.event,
    record: flags.record,
    inspect: inspect === undefined ? undefined : portOf(inspect, "--inspect"),
    port: portOf(flags.port ?? 0, "--port"),
  };
}

/** Everything that it needs is loaded when it runs. */
export async function runDev(
  options: DevOptions,
  deps: DevDeps,
  openLine?: OpenLine,
): Promise<void> {
  const { develop } = await import("./dev/develop.ts");
  await develop(options, deps, openLine);
}

function portOf(text: string | number, flag: string): number {
  const port = Number(text);
  if (text !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new LmiError("LMI_USAGE", `${flag} ${text} is not a port.`, {
    why: "It must be a whole number from 1 to 65535, or 0 for any free port.",
    next: `Any free one: lmi dev ${flag}=0`,
    exitCode: ExitCode.usage,
  });
}
