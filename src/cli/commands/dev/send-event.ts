import { ExitCode, LmiError } from "../../../errors.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { Deps } from "../../deps.ts";
import type { DevOptions } from "../dev.ts";
import { functionOf, noSuchFunction } from "../function-of.ts";
import { readPayload } from "../invoke/payload.ts";
import { functionNamesOf } from "./function-names.ts";
import { timeText } from "./activity.ts";
import type { OwnCall } from "./own-calls.ts";

export interface EventRequest {
  readonly functionName: string;
  /** What `lmi invoke --payload` takes, but for standard input, which is read once. */
  readonly event: string;
}

type EventOptions = Pick<DevOptions, "event" | "settings">;

/** Fails before anything runs where there is no such event, or nobody to send it to. */
export async function checkEvent(
  options: EventOptions,
  settings: Settings,
  system: Pick<Deps["system"], "cwd" | "readStdin">,
): Promise<void> {
  if (options.event === undefined) return;
  if (options.event === "-") {
    throw new LmiError("LMI_USAGE", "--event takes no standard input.", {
      why: "It is read anew on each save.",
      next: "Name a file: --event event.json",
      exitCode: ExitCode.usage,
    });
  }
  eventFunction(options, settings);
  await readPayload({ payload: options.event, async: false, flag: "--event" }, system);
}

/** The function that `--event` and `--record` are for, by its name at AWS. */
export function eventFunction(options: Pick<DevOptions, "settings">, settings: Settings): string {
  const { environment: environmentName } = settings;
  const functionNames = functionNamesOf(settings);
  const wanted = options.settings["function"];
  const named = typeof wanted === "string" ? wanted : undefined;
  const found = functionOf(named, { functionNames, environmentName });
  if (!functionNames.includes(found)) throw noSuchFunction(found, functionNames);
  return found;
}

interface Answer {
  readonly FunctionError?: string;
  readonly Payload?: Uint8Array;
}

/** Sends the event of `--event`, which is read anew each time, and shows the answer. */
export async function sendEvent(
  { functionName, event }: EventRequest,
  call: OwnCall,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const payload = await readPayload({ payload: event, async: false, flag: "--event" }, system);
  const started = performance.now();
  const input = { FunctionName: functionName, Payload: payload };
  const { FunctionError, Payload = new Uint8Array() } = await call<Answer>(
    "lambda",
    "Invoke",
    input,
  );
  const milliseconds = performance.now() - started;
  const text = new TextDecoder().decode(Payload);
  const isError = FunctionError !== undefined;
  reporter.info(
    `${isError ? "✗ error" : "✓ answer"} of ${functionName} in ${timeText(milliseconds)}`,
  );
  const answer = {
    name: functionName,
    status: isError ? "error" : "success",
    durationMs: Math.round(milliseconds * 1000) / 1000,
    payload: parsed(text),
  };
  reporter.result(answer, () => text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A stream need not be JSON.
    return text;
  }
}
