import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ExitCode, LmiError } from "../../../errors.ts";

/** The event of the first request: `true` is `{}`, `false` none, a string JSON or a file that holds it. */
export async function parseProbe(
  option: string | boolean,
  cwd: string,
): Promise<Uint8Array | undefined> {
  if (option === false) return undefined;
  if (option === true) return Buffer.from("{}");
  if (isJson(option)) return Buffer.from(option);
  const file = resolve(cwd, option.replace(/^@/, ""));
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes !== undefined && isJson(bytes.toString("utf8"))) return bytes;
  throw new LmiError("LMI_PAYLOAD_INVALID", `--probe ${option} is not an event.`, {
    why:
      bytes === undefined
        ? `It is neither valid JSON nor an existing file (${file}).`
        : `The file ${file} holds no valid JSON.`,
    next: "Give JSON, a file, or --no-probe",
    exitCode: ExitCode.usage,
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
