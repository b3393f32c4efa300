/** `████░░░░`: how much of a whole; as wide where nothing is known. */
export function bar(value: number | undefined, whole: number | undefined, width: number): string {
  const part = value === undefined || !whole ? 0 : Math.min(1, Math.max(0, value / whole));
  const filled = part === 0 ? 0 : Math.max(1, Math.round(part * width));
  return "█".repeat(filled) + "░".repeat(width - filled);
}

const levels = "▁▂▃▄▅▆▇█";

/** One sign for each value, against the highest of them. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(0, ...values);
  return values
    .map((value) => {
      const level = highest === 0 ? 0 : Math.ceil((value / highest) * (levels.length - 1));
      return levels.charAt(level);
    })
    .join("");
}
