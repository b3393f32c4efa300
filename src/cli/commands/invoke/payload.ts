import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import type { System } from "../../system.ts";
import { jsonProblem } from "./json-problem.ts";

/** Bytes that Invoke takes (Lambda developer guide, gettingstarted-limits): 6 MB synchronous, 1 MB asynchronous. */
const limits = {
  synchronous: { bytes: 6 * 1024 * 1024, text: "6 MB" },
  asynchronous: { bytes: 1024 * 1024, text: "1 MB" },
} as const;

export interface PayloadOptions {
  readonly payload: string | undefined;
  readonly async: boolean;
  /** The flag that it was given with. */
  readonly flag?: "--payload" | "--probe" | "--event";
}

/** The event of `--payload`: JSON, a file, `@file` or `-`; `{}` without. Checked before anything is sent. */
export async function readPayload(
  { payload, async, flag = "--payload" }: PayloadOptions,
  system: Pick<System, "cwd" | "readStdin">,
): Promise<Uint8Array> {
  const bytes = await bytesOf(payload ?? "{}", flag, system);
  const limit = async ? limits.asynchronous : limits.synchronous;
  if (bytes.length > limit.bytes) throw tooLarge(bytes.length, limit, async);
  return bytes;
}

async function bytesOf(
  payload: string,
  flag: string,
  system: Pick<System, "cwd" | "readStdin">,
): Promise<Uint8Array> {
  if (payload === "-") return checked(await system.readStdin(), "standard input");
  if (payload.startsWith("@")) return fromNamedFile(payload.slice(1), flag, system.cwd);
  const problem = jsonProblem(payload);
  if (problem === undefined) return Buffer.from(payload);
  const file = await readIfThere(resolve(system.cwd, payload));
  if (file) return checked(file, payload);
  throw new LmiError(
    "LMI_PAYLOAD_INVALID",
    `${flag} is neither valid JSON nor an existing file: ${shortened(payload)}`,
    {
      why: `As JSON: ${problem.text}\nAs a file: there is no ${shortened(resolve(system.cwd, payload))}`,
      next: `For example: ${flag} '{"test":"data"}'   or   ${flag} event.json`,
      exitCode: ExitCode.usage,
      details: { line: problem.line, column: problem.column },
    },
  );
}

async function fromNamedFile(name: string, flag: string, cwd: string): Promise<Uint8Array> {
  const path = resolve(cwd, name);
  const file = await readIfThere(path);
  if (file) return checked(file, name);
  throw new LmiError("LMI_PAYLOAD_INVALID", `There is no file ${path} for ${flag}.`, {
    exitCode: ExitCode.usage,
  });
}

function checked(bytes: Buffer, source: string): Buffer {
  const problem = jsonProblem(bytes.toString("utf8"));
  if (problem === undefined) return bytes;
  throw new LmiError("LMI_PAYLOAD_INVALID", `The payload from ${source} is not valid JSON.`, {
    why: problem.text,
    next: `Mend it at ${source}:${problem.line}:${problem.column}`,
    exitCode: ExitCode.usage,
    details: { line: problem.line, column: problem.column },
  });
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // What is JSON gone wrong is no usable file name either: too long, with NUL, or a folder.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG" || code === "EISDIR") {
      return undefined;
    }
    if (code === "ERR_INVALID_ARG_VALUE") return undefined;
    throw new LmiError("LMI_PAYLOAD_INVALID", `${path} cannot be read.`, {
      why: error instanceof Error ? error.message : String(error),
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

function grouped(bytes: number): string {
  return bytes.toLocaleString("en-US");
}

function tooLarge(
  bytes: number,
  limit: { readonly bytes: number; readonly text: string },
  async: boolean,
): LmiError {
  return new LmiError("LMI_PAYLOAD_TOO_LARGE", `The payload has ${grouped(bytes)} bytes.`, {
    why: `Lambda takes at most ${limit.text} (${grouped(limit.bytes)} bytes) for ${async ? "an asynchronous" : "a synchronous"} request.`,
    next: "Put the data into S3 and send its key",
    exitCode: ExitCode.usage,
    details: { bytes },
  });
}

function shortened(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 117)}…`;
}
