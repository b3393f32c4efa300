/** Columns that every terminal has. */
export const textWidth = 79;

/** Not behind `lmi`: a command that is broken there is found neither by who copies it, nor by what gives it its flags. */
const between = /(?<!\blmi) /;

/** Breaks a line at its spaces; what follows the first line is indented. Spaces within a line stay. */
export function wrap(text: string, indent: number, width: number = textWidth): string {
  const margin = /^ */.exec(text)?.[0] ?? "";
  const [first = "", ...others] = text.slice(margin.length).split(between);
  const lines: string[] = [];
  let line = margin + first;
  for (const word of others) {
    if (line.trim() === "" || line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line.trimEnd());
      line = " ".repeat(indent) + word;
    }
  }
  return [...lines, line].join("\n");
}

/** Breaks a list at its commas only: `2 log groups` stays together. */
export function wrapList(start: string, list: string, indent: number): string {
  const glued = list.replaceAll(/(?<!,) /g, "\u00a0");
  return wrap(`${start}${glued}`, indent).replaceAll("\u00a0", " ");
}

/** Shortens to a number of columns. */
export function fit(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
