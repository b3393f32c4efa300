import { describe, expect, test } from "vitest";
import { groundOf } from "../../src/deploy/ground.ts";
import { waitUntilNothingRuns } from "../../src/deploy/nothing-left.ts";
import { patiently } from "../../src/deploy/patiently.ts";
import { waitForProvider } from "../../src/deploy/readiness.ts";
import { watchStack } from "../../src/deploy/watch-stack.ts";
import { LmiError } from "../../src/errors.ts";
import {
  fakeAccount,
  fakeContext,
  type FakeContext,
  providerState,
  stackState,
} from "./fake-aws.ts";

const throttled = new LmiError("LMI_THROTTLED", "Rate exceeded.");
const broken = new LmiError("LMI_AWS_ERROR", "Oops.", { details: { httpStatus: 503 } });
const lost = new LmiError("LMI_ENDPOINT_UNREACHABLE", "AWS does not answer.");
const refused = new LmiError("LMI_ACCESS_DENIED", "No.");

/** Answers what it is given, one after the other; the last one stays. */
function answering<T>(...answers: (T | LmiError)[]): () => Promise<T> {
  return async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof LmiError) throw answer;
    return answer as T;
  };
}

function local(context: FakeContext): FakeContext {
  return { ...context, aws: { ...context.aws, target: { ...context.aws.target, local: true } } };
}

describe("a look at AWS in the midst of a wait", () => {
  test("survives throttling, a lost network and a broken service, and says so once", async () => {
    const context = fakeContext(fakeAccount());
    await expect(patiently(context, answering(throttled, lost, broken, "there"))).resolves.toBe(
      "there",
    );
    await expect(patiently(context, answering(lost, "again"))).resolves.toBe("again");
    expect(context.slept).toEqual([2000, 4000, 8000, 2000]);
    expect(context.told).toEqual([
      {
        type: "note",
        level: "warning",
        message: "Rate exceeded. Asking again, for up to 5 minutes.",
      },
    ]);
  });

  test("is given up after five minutes", async () => {
    const context = fakeContext(fakeAccount());
    await expect(patiently(context, answering(throttled))).rejects.toBe(throttled);
    const waited = context.slept.reduce((sum, each) => sum + each, 0);
    expect(waited).toBeGreaterThan(240_000);
    expect(waited).toBeLessThanOrEqual(300_000);
  });

  test("is given up at once where asking again cannot help", async () => {
    const context = fakeContext(fakeAccount());
    await expect(patiently(context, answering(refused))).rejects.toBe(refused);
    expect(context.slept).toEqual([]);
  });

  test("is given up at once where the local target is gone, but not where it is told to throttle", async () => {
    const context = local(fakeContext(fakeAccount()));
    await expect(patiently(context, answering(lost))).rejects.toBe(lost);
    expect(context.slept).toEqual([]);
    await expect(patiently(context, answering(throttled, "there"))).resolves.toBe("there");
  });
});

describe("every wait is patient:", () => {
  test("for a stack", async () => {
    const { aws, ...context } = fakeContext(fakeAccount());
    const stacks = {
      ...aws.stacks,
      find: answering(throttled, stackState()),
      events: answering(throttled, []),
    };
    const watching = watchStack("id", { ...context, aws: { ...aws, stacks } });
    await expect(watching).resolves.toMatchObject({ status: "CREATE_COMPLETE" });
  });

  test("for a capacity provider", async () => {
    const { aws, ...context } = fakeContext(fakeAccount());
    const capacityProviders = {
      ...aws.capacityProviders,
      find: answering(lost, providerState("Active")),
    };
    const waiting = waitForProvider(
      "arn",
      { ...context, aws: { ...aws, capacityProviders } },
      () => {},
    );
    await expect(waiting).resolves.toMatchObject({ state: "Active" });
  });

  test("for the last instance", async () => {
    const { aws, ...context } = fakeContext(fakeAccount());
    const instances = { ofCapacityProvider: answering(throttled, []) };
    const stackId = "arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1";
    const waiting = waitUntilNothingRuns({
      ground: groundOf(stackId, [], { providers: ["arn"] }),
      context: { ...context, aws: { ...aws, instances } },
    });
    await expect(waiting).resolves.toBeUndefined();
  });
});
