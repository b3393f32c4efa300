import { expect, test } from "vitest";

import { functionChanges, hasChange } from "../../src/deploy/function-changes.ts";

test("a changed log level brings the rest of what is live along: what is not named would go back", () => {
  const wanted = { LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "DEBUG" } };
  const deployed = { LoggingConfig: { LogFormat: "JSON" } };
  const logging = { LogFormat: "JSON", LogGroup: "/own/group", SystemLogLevel: "INFO" };
  const { change, names } = functionChanges(wanted, deployed, { LoggingConfig: logging });
  expect(names).toEqual(["ApplicationLogLevel"]);
  expect(change).toEqual({ LoggingConfig: { ...logging, ApplicationLogLevel: "DEBUG" } });
});

test("a change is there when all of it is, layers by their ARNs", () => {
  const change = { MemorySize: 4096, Layers: ["arn:1"] };
  const live = { MemorySize: 4096, Layers: [{ Arn: "arn:1", CodeSize: 1 }] };
  expect(hasChange(live, change)).toBe(true);
  expect(hasChange({ ...live, MemorySize: 2048 }, change)).toBe(false);
  expect(hasChange({ ...live, Layers: [] }, change)).toBe(false);
});
