import {
  beginSynchronizedOutput,
  clearViewport,
  cursorHide,
  cursorShow,
  cursorTo,
  endSynchronizedOutput,
  enterAlternativeScreen,
  eraseDown,
  eraseEndLine,
  exitAlternativeScreen,
} from "ansi-escapes";
import type { Palette } from "./palette.ts";
import { listenToKeys } from "./terminal-keys.ts";
import type { Screen, ScreenEvent, ScreenLine, ScreenStreams } from "./screen.ts";

const enter = enterAlternativeScreen + cursorHide + clearViewport;
const leave = cursorShow + exitAlternativeScreen;

const events: Readonly<Record<string, ScreenEvent>> = {
  q: "leave",
  escape: "leave",
  r: "refresh",
  up: "up",
  k: "up",
  down: "down",
  j: "down",
};

/**
 * The terminal's alternate screen, so that what stood there before is there again afterwards. A frame replaces the one
 * before in place and in one go (DEC mode 2026, where the terminal knows it): nothing flickers.
 */
export function openScreen(streams: ScreenStreams, palette: Palette): Screen {
  const { output } = streams;
  const listeners = new Set<(event: ScreenEvent) => void>();
  const tell = (event: ScreenEvent) => listeners.forEach((listener) => listener(event));
  let shown = "";
  const changed = () => {
    shown = "";
    tell("resize");
  };

  output.write(enter);
  const forget = streams.atExit(() => streams.writeNow(leave));
  const keys = listenToKeys(streams, {
    onKey: ({ name = "", ctrl = false }) => {
      if (!ctrl && events[name]) tell(events[name]);
    },
    onLeave: () => streams.writeNow(leave),
    onReturn: () => {
      output.write(enter);
      changed();
    },
  });
  output.on("resize", changed);

  const size = () => ({ columns: output.columns || 80, rows: output.rows || 24 });
  return {
    get columns() {
      return size().columns;
    },
    get rows() {
      return size().rows;
    },
    draw: (lines) => {
      const frame = frameOf(lines, size(), palette);
      if (frame === shown) return;
      shown = frame;
      output.write(beginSynchronizedOutput + frame + endSynchronizedOutput);
    },
    onEvent: (listener) => void listeners.add(listener),
    close: () => {
      output.off("resize", changed);
      keys.close();
      forget();
      output.write(leave);
    },
    end: streams.end,
  };
}

function frameOf(
  lines: readonly ScreenLine[],
  { columns, rows }: Pick<Screen, "columns" | "rows">,
  palette: Palette,
): string {
  // The last column stays free: behind it terminals differ in whether the line is over.
  const painted = lines
    .slice(0, rows)
    .map((line) => paint(cut(line, columns - 1), palette) + eraseEndLine);
  return cursorTo(0, 0) + painted.join("\r\n") + eraseDown;
}

function cut(line: ScreenLine, columns: number): ScreenLine {
  let room = columns;
  return line.flatMap((span) => {
    const text = typeof span === "string" ? span : span.text;
    const shown = room <= 0 ? "" : text.length <= room ? text : `${text.slice(0, room - 1)}…`;
    room -= text.length;
    if (shown === "") return [];
    return typeof span === "string" ? shown : { ...span, text: shown };
  });
}

function paint(line: ScreenLine, palette: Palette): string {
  return line
    .map((span) => (typeof span === "string" ? span : palette[span.tone](span.text)))
    .join("");
}
