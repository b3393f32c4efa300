import { describe, expect, test } from "vitest";
import { probeFunction } from "../../src/deploy/probe.ts";
import { waitForProvider, waitForPublished } from "../../src/deploy/readiness.ts";
import { answered, fakeAccount, fakeContext, providerState, publishedState } from "./fake-aws.ts";

const noProgress = () => {};
const payload = Buffer.from("{}");

describe("waiting for a version", () => {
  test("a republish is over when LastUpdateStatus says so, although State is Active all the time", async () => {
    const account = fakeAccount({ published: publishedState({ lastUpdateStatus: "InProgress" }) });
    const context = fakeContext(account, (sleeps) => {
      if (sleeps === 3) account.published = publishedState({ codeSha256: "new" });
    });
    const seen: string[] = [];
    const version = await waitForPublished("hello", context, (text) => seen.push(text));
    expect(version.codeSha256).toBe("new");
    expect(context.slept).toHaveLength(3);
    expect(seen).toEqual(["Active, last update InProgress", "Active, last update Successful"]);
  });

  test.each([
    ["other settings", { description: "lmi push 1" }],
    ["a failure", { description: "lmi push 1", lastUpdateStatus: "Failed" }],
    ["other code", { codeSha256: "old", description: "lmi push 1" }],
  ])("a look that still shows %s of before is no answer", async (_what, change) => {
    const account = fakeAccount({ published: publishedState(change) });
    const context = fakeContext(account, (sleeps) => {
      if (sleeps === 3) account.published = publishedState({ description: "lmi push 2" });
    });
    const published = { codeSha256: "abc", description: "lmi push 2" };
    const version = await waitForPublished("hello", context, noProgress, { published });
    expect(version.description).toBe("lmi push 2");
  });

  test("what shows for long is what is published", async () => {
    const account = fakeAccount({ published: publishedState({ description: "theirs" }) });
    const context = fakeContext(account);
    const published = { codeSha256: "abc", description: "lmi push 2" };
    const version = await waitForPublished("hello", context, noProgress, { published });
    expect(version.description).toBe("theirs");
    expect(context.slept.length).toBeLessThan(20);
  });

  test("nothing published yet is waited for, too", async () => {
    const account = fakeAccount();
    const context = fakeContext(account, () => void (account.published = publishedState()));
    await expect(waitForPublished("hello", context, noProgress)).resolves.toMatchObject({
      state: "Active",
    });
  });

  test("a function that is gone ends the wait at once", async () => {
    const context = fakeContext(fakeAccount({ functionGone: true }));
    await expect(waitForPublished("hello", context, noProgress)).rejects.toMatchObject({
      code: "LMI_FUNCTION_GONE",
      exitCode: 1,
      next: expect.stringContaining("lmi destroy && lmi deploy"),
    });
    expect(context.slept).toEqual([]);
  });

  test.each([
    [
      { state: "Failed", stateReasonCode: "CapacityProviderScalingLimitExceeded" },
      "LMI_CAPACITY_LIMIT",
    ],
    [
      {
        lastUpdateStatus: "Failed",
        lastUpdateStatusReasonCode: "FunctionError.InitResourceExhausted",
      },
      "LMI_INIT_RESOURCES",
    ],
    [{ lastUpdateStatus: "Failed", lastUpdateStatusReason: "something new" }, "LMI_VERSION_FAILED"],
  ])("%o fails as %s", async (change, code) => {
    const context = fakeContext(fakeAccount({ published: publishedState(change) }));
    await expect(waitForPublished("hello", context, noProgress)).rejects.toMatchObject({ code });
  });

  test("stops when it is told to", async () => {
    const stop = new AbortController();
    const account = fakeAccount({ published: publishedState({ lastUpdateStatus: "InProgress" }) });
    const context = fakeContext(account, () => stop.abort(new Error("enough")), stop.signal);
    await expect(waitForPublished("hello", context, noProgress)).rejects.toThrow("enough");
  });
});

describe("a version without environments", () => {
  const asleep = publishedState({ state: "Deactivated" });

  test("is what was asked for, with a maximum of 0", async () => {
    const context = fakeContext(fakeAccount({ published: asleep }));
    const waiting = waitForPublished("hello", context, noProgress, { isPaused: true });
    await expect(waiting).resolves.toMatchObject({ state: "Deactivated" });
  });

  test.each(["Deactivated", "Inactive"])("%s ends the wait where nobody asked", async (state) => {
    const context = fakeContext(fakeAccount({ published: publishedState({ state }) }));
    await expect(waitForPublished("hello", context, noProgress)).rejects.toMatchObject({
      code: "LMI_VERSION_FAILED",
      message: expect.stringContaining(state),
    });
    expect(context.slept.length).toBeLessThan(10);
  });

  test("may still wake up", async () => {
    const account = fakeAccount({ published: asleep });
    const context = fakeContext(account, () => void (account.published = publishedState()));
    await expect(waitForPublished("hello", context, noProgress)).resolves.toMatchObject({
      state: "Active",
    });
  });

  test("that is deleted is told at once", async () => {
    const context = fakeContext(fakeAccount({ published: publishedState({ state: "Deleting" }) }));
    const waiting = waitForPublished("hello", context, noProgress, { isPaused: true });
    await expect(waiting).rejects.toMatchObject({ code: "LMI_VERSION_FAILED" });
    expect(context.slept).toEqual([]);
  });
});

describe("waiting for the provider", () => {
  test("Pending, then Active", async () => {
    const account = fakeAccount({ provider: providerState("Pending") });
    const context = fakeContext(account, () => void (account.provider = providerState("Active")));
    await expect(waitForProvider("arn", context, noProgress)).resolves.toMatchObject({
      state: "Active",
    });
  });

  test.each(["Failed", "Deleting"])("%s is told at once", async (state) => {
    const context = fakeContext(fakeAccount({ provider: providerState(state) }));
    await expect(waitForProvider("arn", context, noProgress)).rejects.toMatchObject({
      code: "LMI_PROVIDER_FAILED",
    });
  });
});

describe("the first answer", () => {
  const throttled = Object.assign(new Error("Rate exceeded"), { name: "TooManyRequestsException" });

  test("comes after some refusals, with growing pauses", async () => {
    const wrapped = new Error("AWS turned the request away", { cause: throttled });
    const context = fakeContext(fakeAccount({ answers: [wrapped, throttled, answered()] }));
    await expect(probeFunction("hello", payload, context)).resolves.toMatchObject({
      statusCode: 200,
      attempts: 3,
    });
    expect(context.slept).toEqual([250, 500]);
  });

  test("may be a function error", async () => {
    const context = fakeContext(
      fakeAccount({ answers: [answered({ functionError: "Unhandled" })] }),
    );
    await expect(probeFunction("hello", payload, context)).resolves.toMatchObject({
      functionError: "Unhandled",
      attempts: 1,
    });
  });

  test("is given up after all attempts", async () => {
    const context = fakeContext(fakeAccount({ answers: [throttled] }));
    await expect(probeFunction("hello", payload, context)).rejects.toMatchObject({
      code: "LMI_NO_ANSWER",
      why: "Rate exceeded",
    });
  });

  test("is not repeated where that cannot help", async () => {
    const refused = Object.assign(new Error("not yours"), { name: "AccessDeniedException" });
    const context = fakeContext(fakeAccount({ answers: [refused] }));
    await expect(probeFunction("hello", payload, context)).rejects.toBe(refused);
    expect(context.slept).toEqual([]);
  });
});
