import { LambdaClient, PutFunctionScalingConfigCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { runDestroy } from "../../../src/cli/commands/destroy.ts";
import type { KeptList } from "../../../src/cli/commands/rollback/kept-list.ts";
import { LocalProject } from "../../deploy/local-project.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";
import { push } from "./push-options.ts";
import { rollback } from "./rollback-options.ts";

let project: LocalProject;
beforeAll(async () => {
  project = await LocalProject.deployed();
  for (const answer of ["two", "three"]) {
    // Each is what the next one comes after.
    await project.writeHandler(answer);
    await push(project);
  }
}, 60_000);
afterAll(() => project.dispose());
beforeEach(async () => {
  await project.writeHandler("three");
  await push(project);
});

const list = async () => (await rollback(project, { list: true })).results[0] as KeptList;
const hex = (base64 = "") => Buffer.from(base64, "base64").toString("hex");

test("each rollback goes back further, from pushes to the deploy, and says when that is all", async () => {
  const first = await rollback(project);
  expect(first.lines.join("\n").replaceAll(/\s+/g, " ")).toMatch(
    /hello: [0-9a-f]{8} \(pushed [^)]+\) → [0-9a-f]{8} \(pushed [^)]+\)/,
  );
  expect(first.lines).toContain("ask Roll back hello?");
  expect(first.results).toMatchObject([{ changed: true, answer: { statusCode: 200 } }]);
  expect(await project.invoke()).toEqual({ answer: "two" });

  await rollback(project);
  expect(await project.invoke()).toEqual({ answer: "one" });
  await expect(rollback(project)).rejects.toMatchObject({
    code: "LMI_NO_EARLIER_CODE",
    next: "lmi rollback --local hello --list",
  });

  const { kept, running: now, runningHex } = await list();
  expect(runningHex).toBe(hex(now));
  expect(kept.map(({ codeHex }) => codeHex)).toEqual(
    kept.map(({ codeSha256 }) => codeSha256 && hex(codeSha256)),
  );
  expect(kept.map(({ by, running }) => [by, running])).toEqual([
    ["push", false],
    ["push", false],
    ["deploy", true],
  ]);
  // And forth, by its hash.
  await rollback(project, { to: hex(kept[0]?.codeSha256).slice(0, 8) });
  expect(await project.invoke()).toEqual({ answer: "three" });
  const again = await rollback(project, { to: hex(kept[0]?.codeSha256) });
  expect(again.results).toMatchObject([{ changed: false }]);
}, 30_000);

test("a mistyped name is told with those that there are; one that is not deployed yet is to be deployed", async () => {
  await expect(rollback(project, { function: "nosuch" })).rejects.toMatchObject({
    code: "LMI_FUNCTION_NOT_FOUND",
    message: "This project has no function nosuch.",
    why: "It has hello.",
    exitCode: 2,
  });
  await project.writeSettings({ functions: { hello: {}, later: {} } });
  await expect(rollback(project, { function: "later" })).rejects.toMatchObject({
    code: "LMI_FUNCTION_NOT_FOUND",
    next: "Deploy it: lmi deploy --local",
    exitCode: 1,
  });
  await project.writeSettings({});
});

test("who says no has changed nothing; a hash that is not there is refused", async () => {
  await expect(rollback(project, {}, "no")).rejects.toMatchObject({ code: "LMI_DECLINED" });
  await expect(rollback(project, { to: "ffffffffffff" })).rejects.toMatchObject({ exitCode: 2 });
  expect(await project.invoke()).toEqual({ answer: "three" });
});

test("after a push that could not start, a rollback goes to what answered before", async () => {
  await project.write("src/handler.ts", 'throw new Error("boom");\nexport const handler = 1;\n');
  await expect(push(project)).rejects.toMatchObject({
    code: "LMI_INIT_FAILED",
    why: expect.stringContaining("The last good version goes on answering."),
  });
  expect(await project.invoke()).toEqual({ answer: "three" });
  const { kept } = await list();
  expect(kept).toHaveLength(3);
  await rollback(project);
  const published = await project.aws.code.find("hello", "$LATEST.PUBLISHED");
  expect(published).toMatchObject({ lastUpdateStatus: "Successful" });
  expect(await project.invoke()).toEqual({ answer: "three" });
}, 30_000);

test("after a rollback and another push, the way back leads past what was left behind", async () => {
  await rollback(project);
  const left = await project.invoke();
  await project.writeHandler("four");
  await push(project);
  await rollback(project);
  expect(await project.invoke()).toEqual(left);
  expect(left).not.toEqual({ answer: "three" });
}, 30_000);

test("a deploy brings the project's code again", async () => {
  await project.deploy();
  await rollback(project);
  const deployed = await project.deploy();
  expect(deployed.lines.join("\n").replaceAll(/\s+/g, " ")).toMatch(
    /hello runs other code \([0-9a-f]{8}\) than the stack says, rolled back /,
  );
  expect(await project.invoke()).toEqual({ answer: "three" });
}, 30_000);

test("a function that is paused takes code all the same, and stays paused", async () => {
  const client = project.target.client(LambdaClient);
  const scale = (environments: number | undefined) =>
    client.send(
      new PutFunctionScalingConfigCommand({
        FunctionName: "hello",
        Qualifier: "$LATEST.PUBLISHED",
        FunctionScalingConfig: {
          MinExecutionEnvironments: environments,
          MaxExecutionEnvironments: environments,
        },
      }),
    );
  const state = async () => (await project.aws.code.find("hello", "$LATEST.PUBLISHED"))?.state;
  await scale(0);
  await vi.waitFor(async () => expect(await state()).toBe("Deactivated"), 10_000);
  await project.writeHandler("asleep");
  const pushed = await push(project);
  expect(pushed.functions).toMatchObject([{ changed: true, answer: undefined, paused: true }]);
  const back = await rollback(project);
  expect(back.results).toMatchObject([{ changed: true, answer: undefined, paused: true }]);
  const deployed = await project.deploy();
  for (const { lines } of [pushed.deps, back, deployed]) {
    expect(lines).toContain("info Next: lmi resume --local");
    expect(lines.join("\n").replaceAll(/\s+/g, " ")).toContain(
      "Paused, answers no requests until lmi resume: hello. Whether the new code works",
    );
    expect(lines.join("\n")).not.toMatch(/Ready in|Try:|First answer|Rolled back in/);
  }
  await vi.waitFor(async () => expect(await state()).toBe("Deactivated"), 10_000);
  await scale(1);
  await vi.waitFor(async () => expect(await state()).toBe("Active"), 10_000);
}, 40_000);

test("a destroyed stack leaves no code behind", async () => {
  const { stackId = "" } = (await project.aws.stacks.find("lmi-hello")) ?? {};
  const place = { stackId, functionName: "hello" };
  expect(await project.aws.keptCodes.list(place)).not.toEqual([]);
  const options = { ...sharedDefaults({ local: true }), maxWait: "5", keepLogs: false, retain: [] };
  await runDestroy(options, project.deps());
  expect(await project.aws.keptCodes.list(place)).toEqual([]);

  // As a destroy leaves it that was cut off after the stack was gone.
  const code = {
    codeSha256: Buffer.alloc(32).toString("base64"),
    at: new Date(),
    by: "push",
    zip: new Uint8Array(1),
  } as const;
  await project.aws.keptCodes.store({ ...place, functionName: "other" }, code);
  await runDestroy(options, project.deps());
  expect(await project.aws.keptCodes.list({ ...place, functionName: "other" })).toEqual([]);
}, 40_000);
