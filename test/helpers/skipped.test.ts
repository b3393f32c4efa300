import { afterEach, expect, test, vi } from "vitest";
import { skipped } from "./skipped.ts";

const context = {
  skip: (reason?: unknown): never => {
    throw new Error(`skipped: ${String(reason)}`);
  },
};

afterEach(() => vi.unstubAllEnvs());

test.for([undefined, "", "false"])("a test is skipped where CI is %j", (value) => {
  vi.stubEnv("CI", value);
  expect(() => skipped(context, "no compiler")).toThrow(/^skipped: no compiler$/);
});

test.for(["true", "1"])("a test fails where CI is %j", (value) => {
  vi.stubEnv("CI", value);
  expect(() => skipped(context, "no compiler")).toThrow(/^no compiler$/);
});
