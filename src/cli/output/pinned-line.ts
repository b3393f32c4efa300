import {
  beginSynchronizedOutput,
  clearViewport,
  cursorTo,
  endSynchronizedOutput,
  eraseEndLine,
} from "ansi-escapes";
import { wrapAnsi } from "fast-wrap-ansi";

import { fit } from "./wrap.ts";

/** What a pinned line needs of the process. */
export interface PinnedStreams {
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly write: (text: string) => void;
}

/** A line that stays at the top of the terminal, while what is written scrolls below it. */
export interface PinnedLine {
  /** Whatever would have been written to the terminal. A line shows once it is complete. */
  readonly write: (text: string) => void;
  /** The line itself, without an end; too long, it is cut. */
  readonly set: (text: string) => void;
  /** The terminal is of another size. */
  readonly resized: () => void;
  /** What was written stays; the cursor stands below it. */
  readonly close: () => void;
}

/**
 * No part of the screen scrolls by itself: of such parts most terminals keep no history. Instead the whole screen
 * scrolls, with the oldest line in the place of the pinned one at that moment, so that the history has all lines in
 * their order and nothing else.
 */
export function pinLine(
  { size, write }: PinnedStreams,
  paint: (text: string) => string,
): PinnedLine {
  let { columns, rows } = size();
  /** The rows below the pinned line, as they show. */
  let shown: string[] = [];
  let pinned = "";
  let partial = "";

  // The last column stays free: behind it terminals differ in whether the line is over.
  const pinnedRow = () => rowAt(0, paint(fit(pinned, columns - 1)));
  const park = () => cursorTo(0, Math.min(rows - 1, shown.length + 1));
  const room = () => Math.max(1, rows - 1);
  const wrapped = (line: string) =>
    wrapAnsi(line, columns, { hard: true, trim: false }).split("\n");
  const scrolled = (row: string) => {
    const [oldest = ""] = shown;
    shown = [...shown.slice(1), row];
    return `${rowAt(0, oldest)}${cursorTo(0, rows - 1)}\n${row}`;
  };
  const appended = (row: string) => {
    if (shown.length >= room()) return scrolled(row);
    shown.push(row);
    return rowAt(shown.length, row);
  };
  const draw = (frame: string) =>
    write(beginSynchronizedOutput + frame + pinnedRow() + park() + endSynchronizedOutput);
  const begin = () => {
    // What stood there goes into the history.
    write("\n".repeat(rows) + clearViewport);
    draw("");
  };

  begin();
  return {
    write: (text) => {
      const lines = (partial + text).split(/\r?\n/);
      partial = lines.pop() ?? "";
      if (lines.length > 0) draw(lines.flatMap(wrapped).map(appended).join(""));
    },
    set: (text) => {
      if (text === pinned) return;
      pinned = text;
      draw("");
    },
    resized: () => {
      ({ columns, rows } = size());
      const again = shown.flatMap(wrapped).slice(-room());
      shown = [];
      draw(clearViewport + again.map(appended).join(""));
    },
    close: () => {
      if (partial !== "") draw(wrapped(partial).map(appended).join(""));
      write(`${cursorTo(0, Math.min(rows - 1, shown.length))}\n`);
    },
  };
}

/** Cleared first: behind a row that is full, terminals differ in what would be cleared. */
const rowAt = (row: number, text: string) => cursorTo(0, row) + eraseEndLine + text;
