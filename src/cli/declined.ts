import { ExitCode, LmiError } from "../errors.ts";

/** Somebody was asked and said no: exit 4, in one calm line. */
export function declined(): LmiError {
  return new LmiError("LMI_DECLINED", "Declined. Nothing was changed.", {
    exitCode: ExitCode.declined,
  });
}
