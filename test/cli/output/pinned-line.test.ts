import { expect, test } from "vitest";

import { pinLine } from "../../../src/cli/output/pinned-line.ts";

// oxlint-disable-next-line no-control-regex -- What a terminal is told.
const sequences = /\x1b\[([?\d;]*)([a-zA-Z])|\n|[^\x1b\n]+/g;

/** A terminal, as far as the line needs one: rows, what has scrolled out above, and a cursor. */
function terminal(columns: number, rows: number) {
  const history: string[] = [];
  let screen = Array.from({ length: rows }, () => "");
  let row = 0;
  const feed = () => {
    if (row < rows - 1) row += 1;
    else {
      history.push(screen[0] ?? "");
      screen = [...screen.slice(1), ""];
    }
  };
  const write = (text: string) => {
    for (const [part, parameters = "", command] of text.matchAll(sequences)) {
      if (part === "\n") feed();
      else if (command === "H") row = Number(parameters.split(";")[0] || 1) - 1;
      else if (command === "K") screen[row] = "";
      else if (command === "J") screen = screen.map(() => "");
      else if (command === undefined) screen[row] = `${screen[row] ?? ""}${part}`;
    }
  };
  return { size: () => ({ columns, rows }), write, history, screen: () => screen };
}

const plain = (text: string) => text;

test("the line stays at the top, and the history gets all lines once, in their order", () => {
  const { history, screen, ...streams } = terminal(10, 4);
  const line = pinLine(streams, plain);
  const before = history.length;
  line.set("at the top of it");
  line.write("one\ntw");
  expect(screen()).toEqual(["at the t…", "one", "", ""]);
  line.write("o\nthree\nfour\n");
  line.set("later");
  expect(screen()).toEqual(["later", "two", "three", "four"]);
  line.write("longer than it is\n");
  expect(screen()).toEqual(["later", "four", "longer ", "than it is"]);
  line.write("unfinished");
  line.close();
  expect(history.slice(before)).toEqual(["one", "two", "three", "four", "later"]);
  expect(screen().slice(0, 3)).toEqual(["longer ", "than it is", "unfinished"]);
});

test("a terminal of another size shows what fits of the last lines", () => {
  const { screen, ...streams } = terminal(20, 4);
  let rows = 4;
  const line = pinLine({ ...streams, size: () => ({ columns: 20, rows }) }, plain);
  line.set("top");
  line.write("one\ntwo\nthree\n");
  rows = 3;
  line.resized();
  expect(screen().slice(0, 3)).toEqual(["top", "two", "three"]);
});
