import { expect, test } from "vitest";

import { Ledger } from "../../../src/aws/log-timeline/ledger.ts";
import type { TimelineEvent } from "../../../src/aws/ports.ts";

const event = (time: number, message: string): TimelineEvent => ({
  logGroup: "/g",
  logStream: "s",
  time,
  message,
});
const sweep = (ledger: Ledger, events: readonly TimelineEvent[], recordFrom = 0) => {
  ledger.beginSweep(recordFrom);
  return events.filter((each) => ledger.isNewInSweep(each)).length;
};

test("lines that are alike are counted, in whichever way they come first", () => {
  const ledger = new Ledger();
  const twice = [event(1000, "a"), event(1000, "a")];
  expect(ledger.isNewLive(event(1000, "a"))).toBe(true);
  expect(sweep(ledger, twice)).toBe(1);
  expect(sweep(ledger, twice)).toBe(0);
  expect(ledger.isNewLive(event(1000, "a"))).toBe(false);
  expect(ledger.isNewLive(event(1000, "a"))).toBe(true);
  expect(sweep(ledger, [...twice, event(1000, "a"), event(1000, "b")])).toBe(1);
});

test("a new session may repeat what the last one brought", () => {
  const ledger = new Ledger();
  expect(ledger.isNewLive(event(1000, "a"))).toBe(true);
  ledger.beginSession();
  expect(ledger.isNewLive(event(1000, "a"))).toBe(false);
});

test("a line end that only one of the ways keeps makes no other line", () => {
  const ledger = new Ledger();
  ledger.isNewLive(event(1000, "a"));
  expect(sweep(ledger, [event(1000, "a\n")])).toBe(0);
});

test("with too many lines to remember the window becomes shorter, and says so", () => {
  const ledger = new Ledger(10);
  const many = Array.from({ length: 30 }, (_, index) => event(index * 500, String(index)));
  expect(sweep(ledger, many)).toBe(30);
  expect(ledger.floor).toBe(10_000);
  expect(
    sweep(
      ledger,
      many.filter(({ time }) => time >= ledger.floor),
    ),
  ).toBe(0);
});

test("lines that are older than any later sweep are not remembered", () => {
  const ledger = new Ledger(2);
  const old = [event(1000, "a"), event(2000, "b"), event(3000, "c"), event(9000, "d")];
  expect(sweep(ledger, old, 9000)).toBe(4);
  expect(ledger.floor).toBe(0);
});
