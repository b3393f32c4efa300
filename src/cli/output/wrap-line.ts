import type { ScreenLine, Span } from "./screen.ts";

/**
 * Breaks a line of a screen at its spaces, so that nothing of it is cut; what is longer than a line is broken anywhere.
 * What follows the first line is indented.
 */
export function wrapLine(line: ScreenLine, indent: number, columns: number): ScreenLine[] {
  const text = line.map(textOf).join("");
  // Beside an indentation that takes half of a narrow screen nothing could be read.
  const margin = indent * 2 > columns ? 0 : indent;
  const lines: ScreenLine[] = [];
  let start = 0;
  for (;;) {
    const room = Math.max(1, lines.length === 0 ? columns : columns - margin);
    const end = start + endOf(text.slice(start), room, lines.length === 0 ? indent : 0);
    const part = piece(line, start, end);
    lines.push(lines.length === 0 || margin === 0 ? part : [" ".repeat(margin), ...part]);
    start = end + (/^ */.exec(text.slice(end))?.[0].length ?? 0);
    if (start >= text.length) return lines;
  }
}

/** So many signs of a text go on a line: up to a space, if there is one behind the label. */
function endOf(text: string, room: number, label: number): number {
  if (text.length <= room) return text.length;
  const space = text.lastIndexOf(" ", room);
  const end = space <= label ? room : space;
  return text.slice(0, end).trimEnd().length || end;
}

function piece(line: ScreenLine, from: number, to: number): ScreenLine {
  let at = 0;
  return line.flatMap((span) => {
    const text = textOf(span);
    const part = text.slice(Math.max(0, from - at), Math.max(0, to - at));
    at += text.length;
    if (part === "") return [];
    return [typeof span === "string" ? part : { ...span, text: part }];
  });
}

function textOf(span: Span): string {
  return typeof span === "string" ? span : span.text;
}
