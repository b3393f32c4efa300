import type { RawPlace } from "./records.ts";

const frame = /(?:\(|at (?:async )?)(?:file:\/\/)?([^()\s][^()]*?):(\d+):(\d+)\)?$/;

/** Where the function's own code, below `taskRoot`, called from; the last call counts. */
export function placeInStack(stack: string | undefined, taskRoot: string): RawPlace | undefined {
  for (const line of stack?.split("\n") ?? []) {
    const [, file, row, column] = frame.exec(line) ?? [];
    if (file?.includes(taskRoot)) return { file, line: Number(row), column: Number(column) };
  }
  return undefined;
}

export function callPlace(taskRoot: string): RawPlace | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 30;
  const { stack } = new Error();
  Error.stackTraceLimit = limit;
  return placeInStack(stack, taskRoot);
}
