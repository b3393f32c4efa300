import { expect, test } from "vitest";

import { LmiError } from "../../../../src/errors.ts";
import { answerOf, recordingAws } from "../../../helpers/recording-aws.ts";
import { invoke } from "../invoke-fixture.ts";

test("--repeat sends that many, no more than --concurrency at once", async () => {
  let inFlight = 0;
  let most = 0;
  const aws = recordingAws({
    functions: {
      invoke: async () => {
        most = Math.max(most, (inFlight += 1));
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
        return answerOf("1");
      },
    },
  });
  const { reporter, payloads } = await invoke({ repeat: "20", concurrency: "4" }, { aws });
  expect(payloads).toHaveLength(20);
  expect(most).toBe(4);
  expect(reporter.results).toMatchObject([{ requests: 20, answered: 20, functionErrors: 0 }]);
});

test("--repeat counts what was refused and fails", async () => {
  let count = 0;
  const aws = recordingAws({
    functions: {
      invoke: async () => {
        count += 1;
        if (count === 2) throw new LmiError("LMI_THROTTLED", "busy");
        return answerOf("1", { functionError: count === 3 ? "Unhandled" : undefined });
      },
    },
  });
  const { error } = await invoke({ repeat: "4" }, { aws });
  expect(error).toMatchObject({
    code: "LMI_FUNCTION_ERROR",
    details: { requests: 4, answered: 3, functionErrors: 1, refused: { LMI_THROTTLED: 1 } },
  });
});

test.each([
  ["ConcurrentInvocationLimitExceeded", "All environments were at their limit.", "Raise max"],
  ["CallerRateLimitExceeded", "busy", "Again"],
])("--repeat fails as most requests did: %s", async (why, says, next) => {
  let count = 0;
  const aws = recordingAws({
    functions: {
      invoke: async () => {
        count += 1;
        if (count === 2) return answerOf("1", { functionError: "Unhandled" });
        if (count === 3) return answerOf("1");
        throw new LmiError("LMI_THROTTLED", "busy", { why, next: "Again" });
      },
    },
  });
  const { error } = await invoke({ repeat: "5" }, { aws });
  expect(error).toMatchObject({
    code: "LMI_THROTTLED",
    message: "4 of 5 requests failed.",
    why: expect.stringContaining(says),
    next: expect.stringMatching(new RegExp(`^${next}`)),
    details: {
      requests: 5,
      answered: 2,
      functionErrors: 1,
      failed: 4,
      refused: { LMI_THROTTLED: 3 },
    },
  });
});

test("--concurrency without --repeat is refused, not ignored", async () => {
  const { error, payloads } = await invoke({ concurrency: "8" });
  expect(error).toMatchObject({ code: "LMI_USAGE", exitCode: 2 });
  expect(payloads).toEqual([]);
});

test.each(["AbortError", "LMI_THROTTLED"])(
  "Ctrl-C during --repeat tells what was counted so far, whatever %s the open requests end with",
  async (name) => {
    let count = 0;
    const aws = recordingAws({
      functions: {
        invoke: async ({ signal }) => {
          count += 1;
          if (count <= 3) return answerOf("1");
          queueMicrotask(() => setup.press());
          await new Promise((resolve) => signal?.addEventListener("abort", resolve));
          if (name !== "AbortError") throw new LmiError("LMI_THROTTLED", "busy");
          throw Object.assign(new Error("aborted"), { name });
        },
      },
    });
    const setup = { aws, press: () => {} };
    const { error, reporter, payloads } = await invoke({ repeat: "20", concurrency: "2" }, setup);
    expect(error).toBeUndefined();
    expect(reporter.results).toMatchObject([{ requests: 3, answered: 3, refused: {} }]);
    expect(reporter.said.join("\n")).toContain("17 of 20 requests not sent");
    expect(payloads.length).toBeLessThan(20);
  },
);
