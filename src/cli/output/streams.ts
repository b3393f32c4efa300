import type { System } from "../system.ts";

/** What a reporter needs of the process. */
export type Terminal = Pick<
  System,
  "stderrIsTerminal" | "stdoutIsTerminal" | "now" | "writeStdout" | "writeStderr"
>;
