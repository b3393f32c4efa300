import { readFile } from "node:fs/promises";
import { ExitCode, LmiError } from "../../errors.ts";

/** LMI_LOCAL_FAULTS: a file with a list of fault rules, JSON with comments; undefined where none is named. */
export async function faultRulesOf(
  file: string | undefined,
): Promise<readonly unknown[] | undefined> {
  if (file === undefined || file === "") return undefined;
  const { parseJsonc } = await import("../config/jsonc.ts");
  const rules = parseJsonc(await textOf(file), file);
  if (Array.isArray(rules)) return rules;
  throw unusable(file, 'It must hold a list: [ { "fault": … }, … ]');
}

/** The target tells what is wrong with a rule, and knows of no file. Other errors come back as they are. */
export function namingFile(error: unknown, file: string | undefined): unknown {
  if (!(error instanceof LmiError) || error.code !== "LMI_FAULT_INVALID") return error;
  return new LmiError(
    error.code,
    `A fault in ${file}, which LMI_LOCAL_FAULTS names, makes no sense.`,
    {
      ...(error.why === undefined ? {} : { why: error.why }),
      next: `Mend ${file}; what there is: lmi local fault add --help`,
      exitCode: error.exitCode,
      cause: error,
    },
  );
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw unusable(file, error instanceof Error ? error.message : String(error), error);
  }
}

function unusable(file: string, why: string, cause?: unknown): LmiError {
  return new LmiError("LMI_USAGE", `LMI_LOCAL_FAULTS names ${file}, which cannot be used.`, {
    why,
    next: "Name a file with a list of faults, or unset LMI_LOCAL_FAULTS",
    exitCode: ExitCode.usage,
    cause,
  });
}
