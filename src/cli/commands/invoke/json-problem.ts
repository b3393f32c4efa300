export interface JsonProblem {
  readonly text: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Where and why a text is not JSON; undefined when it is. */
export function jsonProblem(text: string): JsonProblem | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = offsetOf(message, text);
    const before = text.slice(0, offset).split("\n");
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    const what = message.replace(/,? ?(?:in JSON )?at position \d+.*$/s, "").replace(/, ".*$/s, "");
    return { text: `${what} at line ${line}, column ${column}`, line, column };
  }
}

/** V8 names the position, except where the text is too short or ends too early. */
function offsetOf(message: string, text: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const token = /Unexpected token '(.+?)'/su.exec(message)?.[1];
  const found = token === undefined ? -1 : text.indexOf(token);
  return found === -1 ? text.length : found;
}
