import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { LocalProject } from "../../deploy/local-project.ts";
import type { RecordedDeps } from "../../deploy/recording-deps.ts";
import { push } from "./push-options.ts";

let project: LocalProject;
const functions = { hello: { entry: "src/handler.ts" }, other: { entry: "src/other.ts" } };
beforeAll(async () => {
  project = await LocalProject.create({ functions });
  await project.writeHandler("other", "other");
  await project.deploy();
}, 60_000);
afterAll(() => project.dispose());
afterEach(() => project.target.faults.clear());

const lambda = (operation: string) => ({ service: "lambda", operation }) as const;

test("of several functions those that are as they should be are skipped, and said so", async () => {
  await project.writeHandler("changed");
  const both = await push(project);
  expect(both.functions.map(({ functionName, changed }) => [functionName, changed])).toEqual([
    ["hello", true],
    ["other", false],
  ]);
  expect(both.deps.lines).toContain("info Skipped, unchanged: other.");
  await project.writeHandler("hello again");
  await project.writeHandler("other again", "other");
  const one = await push(project, { functions: ["other"] });
  expect(one.functions).toMatchObject([{ functionName: "other", changed: true }]);
  expect(await project.invoke()).toEqual({ answer: "changed" });
  await expect(push(project, { functions: ["nobody"] })).rejects.toMatchObject({
    code: "LMI_FUNCTION_NOT_FOUND",
    why: "It has hello, other.",
  });
}, 30_000);

describe("interrupted", () => {
  test.each([
    ["code", "UpdateFunctionCode", "SIGINT", 130, "is not published: the version before goes on"],
    ["version", "GetFunctionConfiguration", "SIGTERM", 143, "Lambda goes on starting"],
    ["first answer", "Invoke", "SIGINT", 130, "Lambda goes on starting"],
  ] as const)(
    "in step %s: says what AWS does, and the next push goes on",
    async (label, operation, signal, exitCode, why) => {
      await project.writeHandler(`interrupted in ${label}`);
      const deps = project.deps();
      const slow = { fault: "slow", ...lambda(operation), delayMs: 400 } as const;
      const interrupting = onStep(deps, label, async () => {
        await project.target.faults.add(slow);
        setTimeout(() => deps.interruptBy(signal), 100);
      });
      await expect(push(project, { functions: ["hello"] }, interrupting)).rejects.toMatchObject({
        code: "LMI_INTERRUPTED",
        exitCode,
        why: expect.stringContaining(why),
        next: expect.stringContaining("lmi push --local"),
      });
      project.target.faults.clear();
      await push(project, { functions: ["hello"] });
      expect(await project.invoke()).toEqual({ answer: `interrupted in ${label}` });
    },
    30_000,
  );
});

/** Calls when a step begins. */
function onStep(deps: RecordedDeps, wanted: string, call: () => Promise<void>): RecordedDeps {
  const { reporter } = deps;
  const step: typeof reporter.step = async (label, work, options) => {
    if (label === wanted) await call();
    return reporter.step(label, work, options);
  };
  return { ...deps, reporter: { ...reporter, step } };
}

test.each([
  ["throttled for longer than the SDK asks again", "throttle", "UpdateFunctionCode", 4],
  ["an answer that is lost when the code is there", "reset", "UpdateFunctionCode", 1],
  ["an answer that is lost when it is published", "reset", "PublishVersion", 1],
  ["errors of the poll", "error", "GetFunctionConfiguration", 3],
  ["code that cannot be kept", "access-denied", "PutObject", 1],
] as const)(
  "%s does not fail a push",
  async (what, fault, operation, times) => {
    await project.writeHandler(what);
    const service = operation === "PutObject" ? "s3" : "lambda";
    const when = fault === "reset" ? ({ when: "after" } as const) : {};
    await project.target.faults.add({ fault, service, operation, times, ...when });
    const { deps } = await push(project, { functions: ["hello"] });
    expect(await project.invoke()).toEqual({ answer: what });
    const warned = deps.lines.some((line) => line.startsWith("warn lmi rollback will not find"));
    expect(warned).toBe(operation === "PutObject");
  },
  30_000,
);

/** What a rollback could go to. */
async function history() {
  const { stackId = "" } = (await project.aws.stacks.find("lmi-hello")) ?? {};
  const kept = await project.aws.keptCodes.list({ stackId, functionName: "hello" });
  return kept.filter(({ isPublished }) => isPublished).map(({ codeSha256 }) => codeSha256);
}

test("code that was never published is nothing to go back to", async () => {
  const before = await history();
  await project.writeHandler("refused");
  const refused = { fault: "access-denied", ...lambda("PublishVersion"), times: 1 } as const;
  await project.target.faults.add(refused);
  await expect(push(project, { functions: ["hello"] })).rejects.toMatchObject({
    code: "LMI_ACCESS_DENIED",
  });
  expect(await history()).toEqual(before);

  await project.writeHandler("cut off");
  const deps = project.deps();
  const cutOff = onStep(deps, "code", async () => {
    const slow = { fault: "slow", ...lambda("UpdateFunctionCode"), delayMs: 600 } as const;
    await project.target.faults.add(slow);
    setTimeout(() => deps.interruptBy("SIGINT"), 300);
  });
  await expect(push(project, { functions: ["hello"] }, cutOff)).rejects.toMatchObject({
    code: "LMI_INTERRUPTED",
  });
  expect(await history()).toEqual(before);
  project.target.faults.clear();
  const { functions: pushed } = await push(project, { functions: ["hello"] });
  expect(await history()).toEqual([...before, ...pushed.map(({ to }) => to)]);
}, 30_000);

test("code that was published when the push was cut off is kept by the next one", async () => {
  await push(project, { functions: ["hello"] });
  const before = await history();
  const { stackId = "" } = (await project.aws.stacks.find("lmi-hello")) ?? {};
  const place = { stackId, functionName: "hello" };
  const kept = (await project.aws.keptCodes.list(place)).at(-1);
  if (kept === undefined) throw new Error("nothing is kept");
  // As a push leaves it that ended between the two.
  await project.aws.keptCodes.store(place, { ...kept, zip: new Uint8Array(1) });
  await project.aws.keptCodes.remove(place, [kept.key]);
  expect(await history()).toEqual(before.slice(0, -1));
  await project.writeHandler("after it was cut off");
  const { functions: pushed } = await push(project, { functions: ["hello"] });
  expect(await history()).toEqual([...before, ...pushed.map(({ to }) => to)]);
}, 30_000);

test("settings whose answer is lost are not taken for somebody else's", async () => {
  await project.writeSettings({
    functions: { ...functions, hello: { ...functions.hello, memory: 4096 } },
  });
  const lost = { fault: "reset", ...lambda("UpdateFunctionConfiguration") } as const;
  await project.target.faults.add({ ...lost, times: 1, when: "after" });
  await push(project, { functions: ["hello"] });
  const published = await project.aws.code.find("hello", "$LATEST.PUBLISHED");
  expect(published?.properties).toMatchObject({ MemorySize: 4096 });
  await project.writeSettings({ functions });
  await push(project, { functions: ["hello"] });
}, 30_000);

test("of two pushes from two machines one wins, and the other says so", async () => {
  await project.writeHandler("mine");
  const copy = await project.copied("theirs");
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  await project.target.faults.add({ fault: "slow", ...lambda("PublishVersion"), delayMs: 300 });
  const both = await Promise.allSettled([
    push(project, { functions: ["hello"] }),
    push(project, { functions: ["hello"] }, project.deps("yes", copy)),
  ]);
  const winners = both.map(({ status }) => status === "fulfilled");
  expect(winners.filter(Boolean)).toHaveLength(1);
  const lost = both.find((each) => each.status === "rejected");
  expect(lost?.reason).toMatchObject({
    code: "LMI_OVERTAKEN",
    next: "Look at it: lmi status --local",
  });
  expect(await project.invoke()).toEqual({ answer: winners[0] ? "mine" : "theirs" });
}, 30_000);

test("a stack that is being changed is left alone", async () => {
  await project.writeSettings({
    functions: { ...functions, hello: { ...functions.hello, timeout: 9 } },
  });
  const slow = {
    fault: "slow",
    logicalId: "HelloLambda",
    action: "update",
    delayMs: 1500,
  } as const;
  await project.target.faults.add(slow);
  const deploying = project.deploy();
  for (;;) {
    const found = await project.aws.stacks.find("lmi-hello");
    if (found?.status === "UPDATE_IN_PROGRESS") break;
  }
  await expect(push(project)).rejects.toMatchObject({
    code: "LMI_STACK_BUSY",
    next: "lmi deploy --local --attach   (waits for it)",
  });
  await deploying;
}, 30_000);

test("a push that fails at init is explained by its init, not by requests that fail meanwhile", async () => {
  await project.write(
    "src/handler.ts",
    "export const handler = async () => { throw new Error('of a request'); };\n",
  );
  await push(project, { functions: ["hello"], probe: false });
  const payload = new TextEncoder().encode("{}");
  for (let request = 0; request < 5; request += 1)
    await project.aws.functions.invoke({ functionName: "hello", payload });
  await project.write(
    "src/handler.ts",
    "throw new Error('of the init');\nexport const handler = async () => 1;\n",
  );
  const failed = await push(project, { functions: ["hello"] }).catch((error: unknown) => error);
  expect(failed).toMatchObject({ why: expect.stringContaining("of the init") });
  expect(failed).toMatchObject({ why: expect.not.stringContaining("of a request") });
}, 30_000);

const failing = (text: string) =>
  `throw new Error(${JSON.stringify(text)});\nexport const handler = async () => 1;\n`;

test("a push that fails after another one is explained by its own lines", async () => {
  for (const text of ["the first", "the second"]) {
    await project.write("src/handler.ts", failing(text));
    await expect(push(project, { functions: ["hello"] })).rejects.toMatchObject({
      details: { evidence: [{ text: expect.stringContaining(`Error: ${text}`) }] },
      next: "Mend the code, then: lmi push --local",
    });
  }
}, 30_000);

test("of several functions all failures are told, and what was brought all the same", async () => {
  await project.write("src/handler.ts", failing("of hello"));
  await project.writeHandler("works", "other");
  await expect(push(project)).rejects.toMatchObject({
    code: "LMI_INIT_FAILED",
    why: expect.stringMatching(/Error: of hello[^]*\nBrought all the same: other\.$/),
    details: { pushed: ["other"], others: [] },
  });
  await project.write("src/other.ts", failing("of other"));
  await expect(push(project)).rejects.toMatchObject({
    message: expect.stringContaining("hello"),
    why: expect.stringMatching(
      /Error: of hello[^]*\nThe published version of other did not[^]*Error: of other/,
    ),
    next: "Mend the code, then: lmi push --local",
    details: { pushed: [], others: [{ code: "LMI_INIT_FAILED", functionName: "other" }] },
  });
}, 30_000);
