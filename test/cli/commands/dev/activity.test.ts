import { expect, test } from "vitest";

import { Activity, activityText } from "../../../../src/cli/commands/dev/activity.ts";

const request = (requestId: string) => ({ functionName: "hello", requestId });

test("counts what runs, what ended and how, and forgets with a reload what has ended", () => {
  const activity = new Activity();
  const says = (now: number) => activityText(activity.read(now));
  expect(says(0)).toBe("0 in flight · 0 answered · 0 errors");
  activity.began(request("aaaaaaaa-1"), 0);
  activity.began(request("bbbbbbbb-2"), 100);
  expect(says(4200)).toBe("2 in flight · 0 answered · 0 errors · slowest 4.2 s aaaaaaaa so far");
  activity.ended(request("bbbbbbbb-2"), { durationMs: 12, errorType: "Error" });
  activity.refused();
  expect(says(5)).toBe("1 in flight · 1 answered · 1 error · 1 throttled · slowest 12 ms bbbbbbbb");
  activity.reset();
  expect(says(900)).toBe("1 in flight · 0 answered · 0 errors · slowest 900 ms aaaaaaaa so far");
});
