import { describe, expect, test } from "vitest";
import { checkTimes, nextTime } from "../../../../src/local/services/scheduler/schedule-times.ts";

const CreationDate = "2026-11-25T12:00:00.000Z";

/** The next times of an expression, without their seconds. */
function times(ScheduleExpression: string, from: string, count = 3, timezone = "UTC"): string[] {
  const found: string[] = [];
  let after = new Date(from);
  const schedule = {
    ScheduleExpression,
    ScheduleExpressionTimezone: timezone,
    CreationDate,
  };
  while (found.length < count) {
    const next = nextTime(schedule, after);
    if (!next) break;
    found.push(next.toISOString().slice(0, 16));
    after = next;
  }
  return found;
}

/** Worked out by hand; fields as EventBridge Scheduler's user guide explains them (schedule-types). */
test.each<[string, string[]]>([
  ["cron(0/15 10 * * ? *)", ["2026-11-26T10:00", "2026-11-26T10:15", "2026-11-26T10:30"]],
  ["cron(0 18 ? * MON-FRI *)", ["2026-11-25T18:00", "2026-11-26T18:00", "2026-11-27T18:00"]],
  ["cron(0 18 ? * FRI-SUN *)", ["2026-11-27T18:00", "2026-11-28T18:00", "2026-11-29T18:00"]],
  ["cron(0 18 ? * 7-1,tue *)", ["2026-11-28T18:00", "2026-11-29T18:00", "2026-12-01T18:00"]],
  ["cron(0 18 ? * 1 *)", ["2026-11-29T18:00", "2026-12-06T18:00", "2026-12-13T18:00"]],
  ["cron(0 18 ? * 7 *)", ["2026-11-28T18:00", "2026-12-05T18:00", "2026-12-12T18:00"]],
  ["cron(0 18 ? * L *)", ["2026-11-28T18:00", "2026-12-05T18:00", "2026-12-12T18:00"]],
  ["cron(15 10 ? * 6L 2026-2027)", ["2026-11-27T10:15", "2026-12-25T10:15", "2027-01-29T10:15"]],
  ["cron(0 9 ? * 2#1 *)", ["2026-12-07T09:00", "2027-01-04T09:00", "2027-02-01T09:00"]],
  ["cron(0 9 L * ? *)", ["2026-11-30T09:00", "2026-12-31T09:00", "2027-01-31T09:00"]],
  ["cron(0 9 LW * ? *)", ["2026-11-30T09:00", "2026-12-31T09:00", "2027-01-29T09:00"]],
  ["cron(0 9 1/10 12 ? *)", ["2026-12-01T09:00", "2026-12-11T09:00", "2026-12-21T09:00"]],
  ["cron(0 8 1 1 ? 2020)", []],
  ["rate(5 minutes)", ["2026-11-25T12:05", "2026-11-25T12:10", "2026-11-25T12:15"]],
  ["rate(1 day)", ["2026-11-26T12:00", "2026-11-27T12:00", "2026-11-28T12:00"]],
  ["at(2027-01-31T08:00:00)", ["2027-01-31T08:00"]],
  ["at(2020-01-31T08:00:00)", []],
])("%s", (expression, expected) => {
  expect(times(expression, CreationDate)).toEqual(expected);
});

describe("a time zone", () => {
  test("decides what the hour means", () => {
    expect(times("cron(0 8 * * ? *)", CreationDate, 1, "Asia/Tokyo")).toEqual(["2026-11-25T23:00"]);
    expect(times("at(2027-07-01T08:00:00)", CreationDate, 1, "Europe/Berlin")).toEqual([
      "2027-07-01T06:00",
    ]);
  });

  test("skips what summer time leaves out, and comes once where an hour comes twice", () => {
    const expression = "cron(30 2 * * ? *)";
    expect(times(expression, "2026-03-27T12:00:00Z", 2, "Europe/Berlin")).toEqual([
      "2026-03-28T01:30",
      "2026-03-30T00:30",
    ]);
    expect(times(expression, "2026-10-24T12:00:00Z", 2, "Europe/Berlin")).toEqual([
      "2026-10-25T00:30",
      "2026-10-26T01:30",
    ]);
  });
});

test("a start and an end are its bounds, and a rate counts from its start", () => {
  const schedule = {
    ScheduleExpression: "rate(1 hour)",
    CreationDate,
    StartDate: "2026-11-26T00:30:00Z",
    EndDate: "2026-11-26T01:45:00Z",
  };
  const first = nextTime(schedule, new Date(CreationDate));
  expect(first).toEqual(new Date("2026-11-26T00:30:00Z"));
  const second = nextTime(schedule, first ?? new Date(0));
  expect(second).toEqual(new Date("2026-11-26T01:30:00Z"));
  expect(nextTime(schedule, second ?? new Date(0))).toBeUndefined();
});

test.each([
  "rate(0 minutes)",
  "rate(5 weeks)",
  "cron(0 8 * * *)",
  "cron(61 8 ? * * *)",
  "at(2027-02-30T08:00:00)",
  "at(tomorrow)",
  "daily",
])("%s cannot be read", (ScheduleExpression) => {
  expect(() => checkTimes({ ScheduleExpression })).toThrow(Error);
});
