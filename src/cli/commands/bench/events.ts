import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import type { System } from "../../system.ts";
import type { BenchOptions } from "../bench.ts";
import { jsonProblem } from "../invoke/json-problem.ts";
import { readPayload } from "../invoke/payload.ts";

/** The events that take turns: those of every `--payload`, and of the file of `--payloads`; `{}` without. */
export async function readEvents(
  { payload, payloads }: Pick<BenchOptions, "payload" | "payloads">,
  system: Pick<System, "cwd" | "readStdin">,
): Promise<readonly Uint8Array[]> {
  const single = await Promise.all(
    payload.map((each) => readPayload({ payload: each, async: false }, system)),
  );
  const many = payloads === undefined ? [] : await eventsOfFile(payloads, system.cwd);
  const all = [...single, ...many];
  return all.length > 0 ? all : [Buffer.from("{}")];
}

async function eventsOfFile(name: string, cwd: string): Promise<Uint8Array[]> {
  const file = resolve(cwd, name);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw invalid(`${file} cannot be read for --payloads.`, why(error));
  });
  const events = text.trimStart().startsWith("[") ? ofArray(text, name) : ofLines(text, name);
  if (events.length === 0) throw invalid(`There is no event in ${file}.`, "It is empty.");
  return events.map((event) => Buffer.from(event));
}

function ofArray(text: string, name: string): string[] {
  const problem = jsonProblem(text);
  if (problem !== undefined) throw invalid(`${name} is not a JSON array.`, problem.text);
  return (JSON.parse(text) as unknown[]).map((event) => JSON.stringify(event));
}

function ofLines(text: string, name: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const problem = jsonProblem(line);
    if (problem === undefined) return [line.trim()];
    throw invalid(
      `${name} has neither a JSON array nor one JSON event a line.`,
      `Line ${index + 1}: ${problem.text}`,
    );
  });
}

const why = (error: unknown) => (error instanceof Error ? error.message : String(error));

function invalid(message: string, reason: string): LmiError {
  return new LmiError("LMI_PAYLOAD_INVALID", message, {
    why: reason,
    next: "An event of your own: lmi bench --payload events/sample.json",
    exitCode: ExitCode.usage,
  });
}
