import { EventEmitter } from "node:events";
import { expect, test } from "vitest";

import { plainPalette, type Palette } from "../../../src/cli/output/palette.ts";
import type { ScreenEvent, ScreenStreams } from "../../../src/cli/output/screen.ts";
import { openScreen } from "../../../src/cli/output/terminal-screen.ts";

const enter = "\u001B[?1049h";
const leave = "\u001B[?25h\u001B[?1049l";

function terminal(palette: Palette = plainPalette) {
  const did: string[] = [];
  const written: string[] = [];
  const atExit: (() => void)[] = [];
  const input = Object.assign(new EventEmitter(), {
    isTTY: true,
    setRawMode: (raw: boolean) => void did.push(`raw ${raw}`),
    resume: () => void did.push("resume"),
    pause: () => void did.push("pause"),
  });
  const output = Object.assign(new EventEmitter(), {
    columns: 20,
    rows: 3,
    write: (text: string) => written.push(text),
  });
  const suspended: (() => void)[] = [];
  const streams = {
    input,
    output,
    atExit: (work: () => void) => {
      atExit.push(work);
      return () => void atExit.splice(0);
    },
    writeNow: (text: string) => void written.push(text),
    interrupt: () => void did.push("interrupt"),
    end: () => void did.push("end"),
    suspend: (resumed: () => void) => {
      did.push("suspend");
      suspended.push(resumed);
    },
  } as unknown as ScreenStreams;
  const screen = openScreen(streams, palette);
  const events: ScreenEvent[] = [];
  screen.onEvent((event) => events.push(event));
  const press = (name: string, ctrl = false) => input.emit("keypress", name, { name, ctrl });
  return {
    screen,
    input,
    output,
    did,
    written,
    atExit,
    events,
    press,
    resume: () => suspended.forEach((resumed) => resumed()),
  };
}

test("draws in place and at once, cut to the terminal, and never the same frame twice", () => {
  const { screen, written, output, events } = terminal();
  expect(written.splice(0).join("")).toContain(enter);
  const lines = [["one"], ["a line that is much too long"], ["three"], ["four"]];
  screen.draw(lines);
  screen.draw(lines);
  expect(written).toHaveLength(1);
  const [frame = ""] = written.splice(0);
  expect(frame.startsWith("\u001B[?2026h\u001B[1;1H")).toBe(true);
  expect(frame.endsWith("\u001B[J\u001B[?2026l")).toBe(true);
  expect(frame).toContain("a line that is muc…\u001B[K");
  expect(frame).toContain("three");
  expect(frame).not.toContain("four");
  output.columns = 40;
  output.emit("resize");
  expect(events).toEqual(["resize"]);
  screen.draw(lines);
  expect(written.join("")).toContain("a line that is much too long");
});

test("colours only what has a tone", () => {
  const { screen, written } = terminal({ ...plainPalette, bad: (text) => `<${text}>` });
  screen.draw([["it is ", { text: "Failed", tone: "bad" }]]);
  expect(written.join("")).toContain("it is <Failed>");
});

test("keys: q leaves, Ctrl-C interrupts, Ctrl-Z gives the terminal away and takes it back", () => {
  const { press, events, did, written, resume } = terminal();
  for (const key of ["q", "escape", "r", "up", "j", "x"]) press(key);
  expect(events.splice(0)).toEqual(["leave", "leave", "refresh", "up", "down"]);
  press("c", true);
  expect(did).toEqual(["raw true", "resume", "interrupt"]);
  written.splice(0);
  press("z", true);
  expect(written.splice(0)).toEqual([leave]);
  expect(did.slice(3)).toEqual(["raw false", "suspend"]);
  resume();
  expect(written.join("")).toContain(enter);
  expect(did.at(-1)).toBe("raw true");
  expect(events).toEqual(["resize"]);
});

test("closing, or the end of the process, gives the terminal back", () => {
  const closed = terminal();
  closed.screen.close();
  expect(closed.written.at(-1)).toBe(leave);
  expect(closed.did.slice(-2)).toEqual(["raw false", "pause"]);
  expect(closed.input.listenerCount("keypress")).toBe(0);
  expect(closed.output.listenerCount("resize")).toBe(0);
  expect(closed.atExit).toEqual([]);
  const ended = terminal();
  for (const work of ended.atExit) work();
  expect(ended.written.at(-1)).toBe(leave);
});
