import { LambdaClient, PublishVersionCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import type { FunctionState } from "../../../src/aws/ports.ts";
import type { DayCosts } from "../../../src/cli/commands/pause/day-costs.ts";
import { runPause } from "../../../src/cli/commands/pause.ts";
import { runResume } from "../../../src/cli/commands/resume.ts";
import { deployedProject } from "../../helpers/deployed-stack.ts";
import { pauseOptions, resumeOptions } from "./pause-options.ts";
import { fakeAccount, publishedState, stackState } from "../../deploy/fake-aws.ts";
import { projectFolder, recordingDeps } from "../../deploy/recording-deps.ts";
import { tickingClock } from "../../helpers/ticking-clock.ts";

const hour = 3_600_000;
const functions = {
  api: { entry: "src/handler.ts", aliases: { live: "version" as const } },
  batch: { entry: "src/handler.ts", minEnvironments: 1, maxEnvironments: 5 },
};
const published = "$LATEST.PUBLISHED";

test(
  "one of several functions: instances stay for the others, and the versions of an alias go, too",
  { timeout: 60_000 },
  async () => {
    const { aws, deps, target } = await deployedProject({ settings: { functions }, runs: false });
    const state = async (name: string, qualifier = published) =>
      (await aws.functions.find(name, qualifier))?.state;
    // Published by hand: neither the stack nor an alias names it.
    const lambda = target.client(LambdaClient);
    await lambda.send(new PublishVersionCommand({ FunctionName: "batch" }));

    const one = deps();
    await runPause(pauseOptions({ function: "api" }), one);
    expect(one.lines).toContain("ask Pause api?");
    expect(one.lines.join("\n").replaceAll(/\s+/g, " ")).toContain("Instances stay for batch");
    expect([await state("api"), await state("api", "1"), await state("batch")]).toEqual([
      "Deactivated",
      "Deactivated",
      "Active",
    ]);
    const [{ sharedWith, instancesLeft }] = one.results as [
      { sharedWith: { functionName: string }[]; instancesLeft: object[] },
    ];
    expect(new Set(sharedWith.map(({ functionName }) => functionName))).toEqual(new Set(["batch"]));
    expect(instancesLeft).not.toEqual([]);
    const [{ costs }] = one.results as [{ costs: DayCosts }];
    expect(costs.stays[0]?.label).toMatch(/^\d × [a-z]\w+\.\w+/);
    expect(costs.staysPerDay).toBeGreaterThanOrEqual(costs.stays[0]?.perDay ?? Infinity);
    expect(one.rendered[0]?.replaceAll(/\s+/g, " ")).toMatch(/Still costs ≈ \$[\d.]+\/day: \d × /);

    // Lambda refuses the first of what is left: the other is paused all the same.
    await target.faults.add({
      fault: "access-denied",
      service: "lambda",
      operation: "PutFunctionScalingConfig",
      times: 1,
    });
    await expect(runPause(pauseOptions(), deps())).rejects.toMatchObject({
      code: "LMI_SCALING_INCOMPLETE",
      exitCode: 3,
      message: expect.stringContaining("3 of 4 versions are paused"),
      why: expect.stringMatching(/^ {2}batch: [\s\S]*runs on, and costs/),
      next: "lmi pause --local   (goes on from there)",
    });
    const rest = deps();
    await runPause(pauseOptions(), rest);
    expect(rest.lines.filter((line) => line.startsWith("info - "))).toEqual([
      "info - batch  Active",
    ]);
    expect(rest.results).toMatchObject([{ changed: true, instancesLeft: [] }]);

    const back = deps("nobody");
    await runResume(resumeOptions(), back);
    expect(back.lines.filter((line) => line.startsWith("info + "))).toEqual([
      "info + api  at least 3 environments, no limit",
      "info + api version 1  at least 3 environments, no limit",
      "info + batch  at least 1 environment, at most 5",
    ]);
    expect(back.results).toMatchObject([
      { stayPaused: [{ functionName: "batch", qualifier: "1" }], answers: [] },
    ]);
    expect([
      await state("api"),
      await state("api", "1"),
      await state("batch"),
      await state("batch", "1"),
    ]).toEqual(["Active", "Active", "Active", "Deactivated"]);
  },
);

test(
  "a schedule pauses and resumes, a resume by hand says when the next pause comes, and a function that settings stop stays so",
  { timeout: 60_000 },
  async () => {
    const clock = tickingClock("2026-11-26T15:00:00Z");
    const schedule = {
      pause: "cron(0 20 ? * MON-FRI *)",
      resume: "cron(0 7 ? * MON-FRI *)",
      timezone: "Europe/Berlin",
    };
    const { aws, deps } = await deployedProject({
      settings: {
        schedule,
        functions: {
          hello: { entry: "src/handler.ts" },
          off: { entry: "src/handler.ts", minEnvironments: 0, maxEnvironments: 0 },
        },
      },
      target: { clock },
      runs: false,
    });
    const state = async () => (await aws.functions.find("hello", published))?.state;
    expect(await state()).toBe("Active");
    clock.jump(4 * hour + 60_000);
    await expect.poll(state, { timeout: 10_000 }).toBe("Deactivated");

    const early = deps("nobody");
    await runResume(resumeOptions({ function: "hello" }), {
      ...early,
      system: { ...early.system, now: () => clock.now() },
    });
    expect(early.rendered[0]).toContain(
      "The stack's schedule pauses it on Fri 2026-11-27 20:00 (Europe/Berlin).",
    );
    expect(await state()).toBe("Active");

    const late = deps();
    await runPause(pauseOptions({ function: "hello" }), {
      ...late,
      system: { ...late.system, now: () => clock.now() },
    });
    expect(late.rendered[0]).toContain(
      "The stack's schedule resumes it on Fri 2026-11-27 07:00 (Europe/Berlin).",
    );
    clock.jump(11 * hour);
    await expect.poll(state, { timeout: 10_000 }).toBe("Active");
    await expect(runResume(resumeOptions({ function: "off" }), deps())).rejects.toMatchObject({
      code: "LMI_PAUSED_BY_SETTINGS",
    });
  },
);

const never = async () => {
  throw new Error("AWS was changed");
};

async function onFake(
  change: Partial<Parameters<typeof fakeAccount>[0]>,
  answer: "yes" | "no" | "nobody" = "yes",
  put: () => Promise<void> = never,
) {
  const account = fakeAccount({ published: publishedState(), ...change });
  const deps = recordingDeps({ account, cwd: await projectFolder(), answer });
  const aws = { ...(await deps.aws({})), scaling: { put } };
  return { account, deps: { ...deps, aws: async () => aws } };
}

test.each([
  [
    "a stack that is being changed",
    { stack: stackState({ status: "UPDATE_IN_PROGRESS" }) },
    "LMI_STACK_BUSY",
    1,
  ],
  ["a stack of somebody else", { stack: stackState({ tags: {} }) }, "LMI_STACK_NOT_OURS", 2],
  ["no stack", {}, "LMI_STACK_NOT_FOUND", 1],
  [
    "a stack without functions",
    { stack: stackState({ outputs: {} }) },
    "LMI_FUNCTION_NOT_FOUND",
    2,
  ],
  [
    "a function that is gone",
    { stack: stackState(), published: undefined, functionGone: true },
    "LMI_FUNCTION_GONE",
    1,
  ],
])("%s is neither paused nor resumed", async (_, change, code, exitCode) => {
  const { deps } = await onFake(change);
  await expect(runPause(pauseOptions({ local: false }), deps)).rejects.toMatchObject({
    code,
    exitCode,
  });
  await expect(runResume(resumeOptions({ local: false }), deps)).rejects.toMatchObject({
    code,
    exitCode,
  });
});

test("a function that the stack does not have is told with those that it has", async () => {
  const { deps } = await onFake({ stack: stackState() });
  await expect(
    runPause(pauseOptions({ local: false, function: "other" }), deps),
  ).rejects.toMatchObject({
    code: "LMI_FUNCTION_NOT_FOUND",
    why: "It has hello.",
    exitCode: 2,
  });
});

test.each([
  ["no", "LMI_DECLINED"],
  ["nobody", "LMI_APPROVAL_NEEDED"],
] as const)("an approval that comes from %s pauses nothing", async (answer, code) => {
  const { deps } = await onFake({ stack: stackState() }, answer);
  await expect(runPause(pauseOptions({ local: false }), deps)).rejects.toMatchObject({
    code,
    exitCode: 4,
  });
});

test("interrupted while environments end, it says what goes on and how to come back", async () => {
  const { account, deps } = await onFake({ stack: stackState() }, "yes", async () => undefined);
  account.published = publishedState({ state: "Active" });
  let waits = 0;
  const sleep = async (milliseconds: number, signal?: AbortSignal) => {
    if (milliseconds >= 60_000) return deps.system.sleep(milliseconds, signal);
    account.published = publishedState({ state: "Deactivating" });
    waits += 1;
    if (waits === 3) deps.interruptBy("SIGINT");
  };
  await expect(
    runPause(pauseOptions({ local: false }), { ...deps, system: { ...deps.system, sleep } }),
  ).rejects.toMatchObject({
    code: "LMI_INTERRUPTED",
    exitCode: 130,
    why: expect.stringContaining("Instances cost until they are gone."),
    next: expect.stringContaining("lmi pause   (goes on from here)"),
  });
});

test("what is still changing is asked again until it is free", async () => {
  const busy = new Error("busy");
  busy.name = "ResourceConflictException";
  let asked = 0;
  const { account, deps } = await onFake({ stack: stackState() }, "yes", async () => {
    asked += 1;
    if (asked < 3) throw busy;
    account.published = publishedState({ state: "Deactivated" });
  });
  await runPause(pauseOptions({ local: false }), deps);
  expect(asked).toBe(3);
  expect(deps.results).toMatchObject([{ changed: true }]);
});

const failed = (change: Partial<FunctionState> = {}) =>
  publishedState({
    lastUpdateStatus: "Failed",
    lastUpdateStatusReason: "init failed",
    revisionId: "1",
    ...change,
  });

async function pausing(...then: FunctionState[]) {
  const { account, deps } = await onFake({ stack: stackState(), published: failed() }, "yes", () =>
    Promise.resolve(void (account.published = then.shift())),
  );
  const sleep = async (milliseconds: number, signal?: AbortSignal) => {
    if (milliseconds >= 60_000) return deps.system.sleep(milliseconds, signal);
    account.published = then.shift();
  };
  await runPause(pauseOptions({ local: false }), { ...deps, system: { ...deps.system, sleep } });
  return { deps };
}

describe("a version whose last publish failed", () => {
  test("is paused like any other", async () => {
    const { deps } = await pausing(
      failed(),
      failed({ revisionId: "2" }),
      failed({ revisionId: "2", state: "Deactivating" }),
      failed({ revisionId: "2", state: "Deactivated" }),
    );
    expect(deps.results).toMatchObject([{ changed: true }]);
  });

  test.each([
    ["for another reason", [failed({ revisionId: "2", lastUpdateStatusReason: "no" })]],
    [
      "for the same reason once more",
      [publishedState({ lastUpdateStatus: "InProgress" }), failed({ revisionId: "2" })],
    ],
    [
      "after it began to stop",
      [failed({ state: "Deactivating" }), failed({ revisionId: "2", state: "Active" })],
    ],
  ])("and that then fails %s ends the command", async (_, then) => {
    await expect(pausing(...then)).rejects.toMatchObject({ code: "LMI_VERSION_FAILED" });
  });
});

test.each([
  ["a pause while it looks", "find", "SIGINT", 130, runPause],
  ["a pause while it asks", "confirm", "SIGTERM", 143, runPause],
  ["a resume while it looks", "find", "SIGTERM", 143, runResume],
] as const)("%s ends at the first signal, and has changed nothing", async (...row) => {
  const [, at, signal, exitCode, run] = row;
  const { deps } = await onFake({ stack: stackState() });
  const hang = () => {
    setImmediate(() => deps.interruptBy(signal));
    return new Promise<never>(() => undefined);
  };
  const aws = await deps.aws();
  const hanging = at === "find" ? { ...aws, stacks: { ...aws.stacks, find: hang } } : aws;
  const prompter = at === "confirm" ? { ...deps.prompter, confirm: hang } : deps.prompter;
  await expect(
    run(resumeOptions({ local: false }), { ...deps, prompter, aws: async () => hanging }),
  ).rejects.toMatchObject({ code: "LMI_INTERRUPTED", exitCode, why: "Nothing was changed." });
});
