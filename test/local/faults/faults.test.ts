import { describe, expect, test } from "vitest";
import type { FaultRule, Occasion } from "../../../src/local/faults/fault.ts";
import { createFaults } from "../../../src/local/faults/faults.ts";
import { createMemoryState } from "../../helpers/memory-state.ts";

const invoke: Occasion = {
  at: "request",
  region: "us-east-1",
  service: "lambda",
  operation: "Invoke",
};
const creation: Occasion = {
  at: "resource",
  region: "us-east-1",
  resourceType: "AWS::Lambda::Function",
  logicalId: "Hello",
  action: "create",
};
const launch: Occasion = { at: "launch", region: "us-east-1" };

function start(random: () => number = () => 0.5, state = createMemoryState()) {
  return createFaults({ state, random });
}

/** `x` for each occurrence that was struck, `.` for each that was not. */
async function strikes(
  rule: FaultRule,
  occasion: Occasion,
  count: number,
  random?: () => number,
): Promise<string> {
  const faults = start(random);
  await faults.add(rule);
  return Array.from({ length: count }, () =>
    faults.strike(occasion).length === 0 ? "." : "x",
  ).join("");
}

describe("a rule strikes", () => {
  test.each<[string, Partial<FaultRule>, string]>([
    ["every time, where nothing limits it", {}, "xxxxxx"],
    ["a number of times", { times: 2 }, "xx...."],
    ["from the n-th on", { after: 2 }, "..xxxx"],
    ["the n-th only", { after: 3, times: 1 }, "...x.."],
    ["each n-th", { every: 3 }, "x..x.."],
    ["each n-th after some, a number of times", { after: 1, every: 2, times: 2 }, ".x.x.."],
  ])("%s", async (_, limits, expected) => {
    expect(await strikes({ fault: "throttle", ...limits }, invoke, 6)).toBe(expected);
  });

  test("by chance, with the numbers that it is given", async () => {
    const numbers = [0.1, 0.3, 0.29, 0.9];
    const random = () => numbers.shift() ?? 1;
    expect(await strikes({ fault: "throttle", probability: 0.3 }, invoke, 4, random)).toBe("x.x.");
  });
});

test.each<[FaultRule, Occasion, boolean]>([
  [{ fault: "throttle", service: "lambda", operation: "Invoke" }, invoke, true],
  [{ fault: "throttle", operation: "Inv*" }, invoke, true],
  [{ fault: "throttle", operation: "InvokeWith*" }, invoke, false],
  [{ fault: "throttle", service: "sts" }, invoke, false],
  [{ fault: "throttle", region: "eu-west-1" }, invoke, false],
  [{ fault: "throttle" }, creation, false],
  [{ fault: "throttle", action: "create" }, creation, true],
  [{ fault: "throttle", action: "create" }, invoke, false],
  [{ fault: "failed-resource" }, creation, true],
  [{ fault: "failed-resource", resourceType: "AWS::Lambda::*" }, creation, true],
  [{ fault: "failed-resource", resourceType: "AWS::Lambda::Version" }, creation, false],
  [{ fault: "failed-resource", logicalId: "Hello", action: "delete" }, creation, false],
  [{ fault: "insufficient-capacity" }, launch, true],
  [{ fault: "failed-launch" }, invoke, false],
])("%o strikes %o: %s", async (rule, occasion, expected) => {
  expect(await strikes(rule, occasion, 1)).toBe(expected ? "x" : ".");
});

test("slowness comes on top, and of all others the oldest strikes while the rest only see", async () => {
  const faults = start();
  await faults.add({ fault: "throttle", times: 1 });
  await faults.add({ fault: "slow", delayMs: 5 });
  await faults.add({ fault: "reset", times: 1 });
  const struck = () => faults.strike(invoke).map(({ fault }) => fault);
  expect([struck(), struck(), struck()]).toEqual([["throttle"], ["slow", "reset"], ["slow"]]);
  expect(faults.list().map(({ id, seen, hits }) => ({ id, seen, hits }))).toEqual([
    { id: "f1", seen: 1, hits: 1 },
    { id: "f2", seen: 3, hits: 2 },
    { id: "f3", seen: 2, hits: 1 },
  ]);
});

test("rules and their counts survive a restart, and are taken away one by one or all at once", async () => {
  const state = createMemoryState();
  const first = start(undefined, state);
  for (let index = 0; index < 11; index += 1) await first.add({ fault: "throttle", times: 2 });
  first.strike(invoke);
  const again = start(undefined, state);
  expect(again.list()).toEqual(first.list());
  expect(again.list()[0]).toMatchObject({ id: "f1", hits: 1 });
  expect(again.list().at(-1)).toMatchObject({ id: "f11", hits: 0 });
  expect([again.remove("f1"), again.remove("f1")]).toEqual([true, false]);
  expect(again.clear()).toBe(10);
  expect(start(undefined, state).list()).toEqual([]);
});

test("the rules of the file come and go with it; the same rule keeps its counts", async () => {
  const state = createMemoryState();
  const first = start(undefined, state);
  await first.add({ fault: "reset", service: "sts" });
  await first.takeFile([{ fault: "throttle" }, { fault: "error", service: "sts" }]);
  first.strike(invoke);
  const second = start(undefined, state);
  await second.takeFile([{ fault: "slow", delayMs: 1 }, { fault: "throttle" }]);
  const seen = second.list().map(({ rule: { fault }, source, hits }) => ({ fault, source, hits }));
  expect(seen).toEqual([
    { fault: "reset", source: "added", hits: 0 },
    { fault: "throttle", source: "file", hits: 1 },
    { fault: "slow", source: "file", hits: 0 },
  ]);
});

describe("a rule that makes no sense is refused with all that is wrong:", () => {
  test.each<[unknown, RegExp]>([
    [{}, /fault/],
    [{ fault: "flood" }, /fault/],
    [{ fault: "throttle", service: "lambada" }, /service: expected one of .*lambda/],
    [
      { fault: "throttle", service: "lambda", operation: "invoke" },
      /no operation invoke; did you mean Invoke\?/,
    ],
    [{ fault: "throttle", service: "sts", operation: "Invoke" }, /sts has no operation Invoke/],
    [{ fault: "throttle", times: 0, probability: 2 }, /times[\s\S]*probability/],
    [{ fault: "slow" }, /delayMs .* is missing/],
    [{ fault: "slow", delayMs: 900_001 }, /delayMs/],
    [{ fault: "throttle", delayMs: 1 }, /delayMs says nothing about throttle/],
    [{ fault: "failed-resource", service: "lambda" }, /service says nothing about failed-resource/],
    [{ fault: "throttle", action: "create", operation: "Invoke" }, /throttle of a resource/],
    [{ fault: "insufficient-capacity", when: "after" }, /when says nothing/],
    [{ fault: "error", status: 404 }, /status/],
    [{ fault: "throttle", serivce: "sts" }, /serivce/],
    ["throttle", /expected object/],
  ])("%o", async (rule, why) => {
    const adding = start().add(rule as FaultRule);
    await expect(adding).rejects.toMatchObject({
      code: "LMI_FAULT_INVALID",
      exitCode: 2,
      why: expect.stringMatching(why),
    });
  });

  test("and in a file it says which one", async () => {
    const faults = start();
    await expect(faults.takeFile([{ fault: "reset" }, { fault: "slow" }])).rejects.toMatchObject({
      why: expect.stringContaining("[1]: delayMs (--delay) is missing"),
    });
    expect(faults.list()).toEqual([]);
  });
});
