import { expect, test } from "vitest";
import { LmiError } from "../../../../src/errors.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";
import { tellingFull } from "../../../../src/cli/commands/invoke/telling-full.ts";

const refused = (why: string) =>
  new LmiError("LMI_THROTTLED", "AWS turned the request away.", { why, next: "Try again" });

const withRoom = (min: number, max: number | undefined) =>
  recordingAws({
    runningVersions: {
      scaling: async () => ({ requested: { min, max }, applied: { min, max } }),
      configuration: () => Promise.reject(new LmiError("LMI_ACCESS_DENIED", "No.")),
    },
  });

async function thrown(error: LmiError, aws = withRoom(3, 3)): Promise<unknown> {
  const failing = async () => {
    throw error;
  };
  try {
    return await tellingFull("hello", undefined, aws, failing);
  } catch (other) {
    return other;
  }
}

test("full environments are told with their limits, also where only those may be read", async () => {
  const error = await thrown(refused("ConcurrentInvocationLimitExceeded"));
  expect(error).toMatchObject({
    code: "LMI_THROTTLED",
    why: expect.stringContaining("It may have 3 at least and 3 at most."),
    next: expect.stringContaining("lmi deploy --min-environments 6 --max-environments 6,"),
  });
});

test("a maximum that has room is left alone", async () => {
  const error = await thrown(refused("ConcurrentInvocationLimitExceeded"), withRoom(3, 100));
  expect(error).toMatchObject({ next: expect.stringContaining("--min-environments 6, or") });
});

test("whatever else is refused stays as it is", async () => {
  const other = refused("CallerRateLimitExceeded");
  expect(await thrown(other)).toBe(other);
});
