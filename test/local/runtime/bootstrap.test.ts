import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { bootstrapLaunch } from "../../../src/local/runtime/bootstrap-launch.ts";
import { invocation, run, testEnvironments, text } from "./test-environments.ts";

const environments = testEnvironments();
const loop = fileURLToPath(new URL("../../fixtures/bootstraps/loop.cjs", import.meta.url));
const machine = process.arch === "arm64" ? "arm64" : "x86_64";
const other = machine === "arm64" ? "x86_64" : "arm64";

afterEach(() => environments.stop());

async function taskRoot(bootstrap?: string | Uint8Array, mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lmi-test-bootstrap-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  if (bootstrap === undefined) return folder;
  await writeFile(join(folder, "bootstrap"), bootstrap);
  await chmod(join(folder, "bootstrap"), mode);
  return folder;
}

async function loopRoot(): Promise<string> {
  const folder = await taskRoot(`#!/bin/sh\nexec ${process.execPath} loop.cjs\n`);
  await copyFile(loop, join(folder, "loop.cjs"));
  return folder;
}

async function start(handler = "main", host = {}) {
  const folder = await loopRoot();
  const launch = await bootstrapLaunch({ taskRoot: folder, architecture: machine });
  const spec = { runtime: "provided.al2023", taskRoot: folder, maxConcurrency: 8 };
  return {
    folder,
    environment: await environments.start(handler, spec, { launch, ...host }),
  };
}

describe.runIf(process.platform === "linux")("a bootstrap", () => {
  test("runs in the package's folder, with Lambda's variables", async () => {
    const { environment, folder } = await start();
    expect((await run(environment, { do: "where" })).answer).toMatchObject({
      cwd: folder,
      taskRoot: folder,
      handler: "main",
      concurrency: "8",
      type: "lambda-managed-instances",
      tmp: expect.stringContaining("lmi-environment-"),
    });
    expect((await run(environment, { do: "where" })).answer).not.toHaveProperty("node");
  });

  test("serves as many requests at once as it asks for", async () => {
    const { environment } = await start();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, id) =>
        run(environment, { do: "meet", count: 8, id }, { timeoutMs: 20_000 }),
      ),
    );
    expect(answers.map(({ answer }) => answer)).toEqual(
      Array.from({ length: 16 }, (_, id) => ({ id, mostPresent: 8 })),
    );
  });

  test("fails with the type that it names, and streams", async () => {
    const { environment } = await start();
    expect(await run(environment, { do: "fail" })).toEqual({
      answer: { errorType: "OrderError", errorMessage: "no such order" },
      errorType: "Function.OrderError",
    });
    const streamed = await environment.invoke(invocation({ do: "stream" }));
    expect([text(streamed), streamed.contentType]).toEqual(["streamed", "text/plain"]);
    const broken = await environment.invoke(invocation({ do: "stream", fail: true }));
    expect([text(broken), broken.errorType]).toEqual(['{"errorType":"Broke"}', "Function.Broke"]);
  });

  test("writes plain lines into the log, and is told that it is late", async () => {
    const { environment } = await start();
    await run(environment, { do: "log", text: "order 7" });
    await expect.poll(() => environments.lines).toContain("unfinished line");
    expect(environments.lines).toEqual(expect.arrayContaining(["out order 7", "err order 7"]));
    const late = await run(environment, { do: "sleep", milliseconds: 150 }, { timeoutMs: 50 });
    expect(late.errorType).toBe("Sandbox.Timedout");
    await expect.poll(() => environments.lines).toContain("refused with 410");
  });

  test("has no more than 4096 file descriptors", async () => {
    const { environment } = await start();
    const { answer } = await run(environment, { do: "descriptors" });
    expect(answer).toEqual({ code: "EMFILE", most: expect.any(Number) });
    expect(answer.most).toBeLessThan(4096);
  });

  test("crashes: its requests fail, and its folder and watcher go", async () => {
    const crashed = Promise.withResolvers<void>();
    const { environment } = await start("main", { onCrash: () => crashed.resolve() });
    const { tmp, pid } = (await run(environment, { do: "where" })).answer;
    const long = run(environment, { do: "sleep", milliseconds: 60_000 });
    const { answer } = await run(environment, { do: "exit", code: 4 });
    expect(answer).toEqual({ errorType: "Runtime.ExitError" });
    expect((await long).answer).toEqual({ errorType: "Runtime.ExitError" });
    await crashed.promise;
    await environment.stop();
    expect(existsSync(tmp)).toBe(false);
    await expect.poll(() => membersOf(pid)).toEqual([]);
  });

  test("ends when the target is killed with kill -9", async () => {
    const script = fileURLToPath(
      new URL("../../fixtures/functions/start-environment.ts", import.meta.url),
    );
    const target = spawn(process.execPath, [script, await loopRoot()], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(target.stdout), "line")) as [string];
    const { pid, tmp } = JSON.parse(line) as { pid: number; tmp: string };
    expect(membersOf(pid)).toContain(pid);
    target.kill("SIGKILL");
    await expect.poll(() => membersOf(pid)).toEqual([]);
    expect(existsSync(tmp)).toBe(false);
  });

  test.each([
    ["init-error", "FunctionError.RuntimeInitError", "NoConfiguration: nothing to do"],
    ["init-exit", "FunctionError.RuntimeInitError", "Runtime exited with error: exit status 7"],
    ["init-hang", "FunctionError.InitTimeout", "within 0.60 seconds"],
  ])("%s: %s", async (handler, reasonCode, message) => {
    const initTimeoutMs = handler === "init-hang" ? 600 : 20_000;
    await expect(start(handler, { initTimeoutMs })).rejects.toMatchObject({
      reasonCode,
      message: expect.stringContaining(message),
    });
  });

  test("an interpreter that is missing", async () => {
    const folder = await taskRoot("#!/nowhere/interpreter\n");
    const launch = await bootstrapLaunch({ taskRoot: folder, architecture: machine });
    const spec = { runtime: "provided.al2023", taskRoot: folder };
    await expect(environments.start("main", spec, { launch })).rejects.toMatchObject({
      reasonCode: "FunctionError.InvalidEntryPoint",
      message: expect.stringContaining("Runtime.InvalidEntrypoint: fork/exec"),
    });
  });
});

const refused = (folder: string, architecture = machine) =>
  bootstrapLaunch({ taskRoot: folder, architecture }).then(
    () => undefined,
    ({ reasonCode, message }: { reasonCode: string; message: string }) => [reasonCode, message],
  );

describe.runIf(process.platform === "linux")("what is no bootstrap for this machine", () => {
  test("is missing", async () => {
    expect(await refused(await taskRoot())).toEqual([
      "FunctionError.InvalidEntryPoint",
      "Runtime.InvalidEntrypoint: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
    ]);
  });

  test("is not executable", async () => {
    expect(await refused(await taskRoot("#!/bin/sh\n", 0o644))).toEqual([
      "FunctionError.InvalidEntryPoint",
      expect.stringContaining("fork/exec /var/task/bootstrap: permission denied"),
    ]);
  });

  test("is built for another architecture than the function's, or than this machine's", async () => {
    const elf = Buffer.from(await readFile(process.execPath)).subarray(0, 4096);
    const foreign = Buffer.from(elf);
    foreign.writeUInt16LE(machine === "arm64" ? 0x3e : 0xb7, 18);
    expect(await refused(await taskRoot(foreign))).toEqual([
      "FunctionError.InvalidEntryPoint",
      expect.stringContaining(`exec format error. It is built for ${other}`),
    ]);
    expect(await refused(await taskRoot(foreign), other)).toEqual([
      "InvalidRuntime",
      expect.stringContaining(`built for ${other}, and this machine is ${machine}`),
    ]);
    expect(await refused(await taskRoot(elf))).toBeUndefined();
  });

  test("is in a layer", async () => {
    const launch = await bootstrapLaunch({
      taskRoot: await taskRoot(),
      layersRoot: await taskRoot("#!/bin/sh\n"),
      architecture: machine,
    });
    expect(launch.file).toMatch(/\/bootstrap$/);
  });
});

test.skipIf(process.platform === "linux")("runs on Linux only", async () => {
  await expect(
    bootstrapLaunch({ taskRoot: await loopRoot(), architecture: machine }),
  ).rejects.toMatchObject({
    reasonCode: "InvalidRuntime",
    message: expect.stringContaining("on Linux only"),
  });
});

/** Processes of a group; in a container nobody may reap the zombies of those that lost their parent. */
function membersOf(group: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8").replace(/^.*\) /s, "");
        const [state, , member] = stat.split(" ");
        return state !== "Z" && Number(member) === group;
      } catch {
        return false;
      }
    })
    .map(Number);
}
