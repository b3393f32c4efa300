import { existsSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { Environment } from "../../../src/local/runtime/environment.ts";
import { nodeLaunch } from "../../../src/local/runtime/launch.ts";
import { run, testEnvironments } from "./test-environments.ts";

// What AWS's runtime client (aws-lambda-ric, worker-manager) and its data plane (aws-lambda-runtime-interface-emulator,
// lambda-managed-instances) make of it: a thread that ends is not replaced and its requests time out; a process that
// ends takes all its requests with it.
const environments = testEnvironments();
const timedOut = {
  errorType: "Sandbox.Timedout",
  errorMessage: "Task timed out after 0.40 seconds",
};

afterEach(() => environments.stop());

async function start(workers: number, more: { memoryMb?: number; heapMb?: number } = {}) {
  const ended = Promise.withResolvers<Environment>();
  let crashes = 0;
  const { memoryMb = 2048, heapMb = memoryMb } = more;
  const environment = await environments.start(
    "crashes.handler",
    { workers, memoryMb },
    {
      launch: nodeLaunch(process.execPath, heapMb),
      onCrash: (crashed) => {
        crashes += 1;
        ended.resolve(crashed);
      },
    },
  );
  return { environment, ended: ended.promise, crashes: () => crashes };
}

async function timesOut(victim: Promise<{ readonly answer: unknown }>): Promise<void> {
  expect((await victim).answer).toEqual(timedOut);
}

/** Worker threads of which each has answered. */
async function threads(environment: Environment, count: number): Promise<void> {
  const seen = new Set<number>();
  await expect
    .poll(async () => {
      const ids = Array.from({ length: count }, () => run(environment, { do: "thread" }));
      for (const { answer } of await Promise.all(ids)) seen.add(answer);
      return seen.size;
    })
    .toBe(count);
}

describe("a worker thread ends", () => {
  test.each([{ do: "exit", code: 3 }, { do: "uncaught" }, { do: "heap" }])(
    "%o: its requests time out, the others and later ones are answered",
    async (event) => {
      const { environment, crashes } = await start(2, { heapMb: 100 });
      await threads(environment, 2);
      const long = [1, 2, 3, 4].map(() =>
        run(environment, { do: "sleep", milliseconds: 350 }, { timeoutMs: 20_000 }),
      );
      const victim = run(environment, event, { timeoutMs: event.do === "heap" ? 20_000 : 400 });
      // Two of the four are on the other thread; those of the thread that ended are never answered.
      const survivors = Promise.all([Promise.race(long), run(environment, { do: "thread" })]);
      await survivors;
      if (event.do !== "heap") await timesOut(victim);
      await expect
        .poll(async () => {
          const ids = await Promise.all([1, 2, 3].map(() => run(environment, { do: "thread" })));
          return new Set(ids.map(({ answer }) => answer)).size;
        })
        .toBe(1);
      expect(environment.serving).toBe(true);
      expect(crashes()).toBe(0);
    },
  );

  test.each(["exitLater", "uncaughtAfterAnswer"])("%s: the answer was sent", async (what) => {
    const { environment, ended } = await start(1);
    expect((await run(environment, { do: what, code: 1 })).answer).toBe("answered");
    expect(await ended).toBe(environment);
    expect(environment.serving).toBe(false);
  });

  test("the last one: the process ends, and all its requests fail", async () => {
    const { environment, ended } = await start(2);
    await threads(environment, 2);
    const long = run(environment, { do: "sleep", milliseconds: 60_000 }, { timeoutMs: 20_000 });
    const victims = [0, 1].map((code) =>
      run(environment, { do: "exit", code }, { timeoutMs: 20_000 }),
    );
    for (const { answer, errorType } of await Promise.all([long, ...victims])) {
      expect(answer).toEqual({ errorType: "Runtime.ExitError" });
      expect(errorType).toBe("Runtime.ExitError");
    }
    await ended;
    expect(environments.records().findLast(({ type }) => type === "platform.report")).toMatchObject(
      {
        record: { status: "error", errorType: "Runtime.ExitError" },
      },
    );
  });
});

describe("a process ends", () => {
  test.each([
    { do: "signal", signal: "SIGKILL" },
    { do: "signal", signal: "SIGABRT" },
  ])("%o: all its requests fail, and it is reported once", async (event) => {
    const { environment, ended, crashes } = await start(2);
    await threads(environment, 2);
    const others = [1, 2].map(() => run(environment, { do: "sleep", milliseconds: 60_000 }));
    const answers = await Promise.all([run(environment, event), ...others]);
    for (const { answer } of answers) expect(answer).toEqual({ errorType: "Runtime.ExitError" });
    await ended;
    await environment.stop();
    expect(crashes()).toBe(1);
  });

  test("with what it had started", async () => {
    const { environment, ended } = await start(1);
    const { answer } = await run(environment, { do: "grandchild" });
    expect(alive(answer.pid)).toBe(true);
    await run(environment, { do: "signal", signal: "SIGKILL" });
    await ended;
    await expect.poll(() => alive(answer.pid)).toBe(false);
  });

  test.each(["memory", "childMemory"])(
    "%s beyond its memory: Runtime.OutOfMemory",
    async (what) => {
      const { environment, ended } = await start(2, { memoryMb: 300 });
      const other = run(environment, { do: "sleep", milliseconds: 60_000 }, { timeoutMs: 20_000 });
      const event = { do: what, megabytes: 400 };
      const answers = await Promise.all([run(environment, event, { timeoutMs: 20_000 }), other]);
      for (const { answer, errorType } of answers) {
        expect(errorType).toBe("Runtime.OutOfMemory");
        expect(answer).toEqual({ errorType: "Runtime.OutOfMemory" });
      }
      await ended;
    },
  );
});

test("threads that are busy get no more work than they take, and time out by themselves", async () => {
  const { environment } = await start(1);
  const first = run(environment, { do: "spin", milliseconds: 800 }, { timeoutMs: 400 });
  const second = run(environment, { do: "thread" }, { timeoutMs: 400 });
  expect((await first).answer).toEqual(timedOut);
  expect((await second).answer).toEqual(timedOut);
  expect((await run(environment, { do: "thread" })).errorType).toBeUndefined();
});

/** Alive and no zombie: in a container nobody may reap what lost its parent. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
}
