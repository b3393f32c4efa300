import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hurriedClock, systemClock } from "../../src/local/clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const month = 30 * 86_400_000;

test("sleeps longer than a timer of Node.js can", async () => {
  let over = false;
  void systemClock.sleep(month).then(() => (over = true));
  await vi.advanceTimersByTimeAsync(month - 1);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(over).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([0, month - 1000])("wakes when the signal aborts after %i ms", async (milliseconds) => {
  const abort = new AbortController();
  let over = false;
  void systemClock.sleep(month, abort.signal).then(() => (over = true));
  await vi.advanceTimersByTimeAsync(milliseconds);
  expect(over).toBe(false);
  abort.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(over).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("a hurried clock waits a part of the time", async () => {
  let over = false;
  void hurriedClock(systemClock, 10)
    .sleep(1000)
    .then(() => (over = true));
  await vi.advanceTimersByTimeAsync(99);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(over).toBe(true);
});
