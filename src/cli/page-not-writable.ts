import { ExitCode, LmiError } from "../errors.ts";

/**
 * That a page of results, or a recording, cannot be written: wrong usage, since the place was asked for or is the project's own.
 * @param next what the user may type, or do, instead
 */
export function pageNotWritable(
  page: "report" | "plot" | "recording",
  file: string,
  error: unknown,
  next: string,
): LmiError {
  return new LmiError("LMI_OUTPUT_NOT_WRITABLE", `The ${page} cannot be written to ${file}.`, {
    why: error instanceof Error ? error.message : String(error),
    next,
    exitCode: ExitCode.usage,
    cause: error,
  });
}
