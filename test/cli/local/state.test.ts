import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { access, mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

import { stopLocalTarget } from "../../../src/cli/local/background.ts";
import { resetLocalTarget } from "../../../src/cli/local/reset.ts";
import { tryStartLock } from "../../../src/cli/local/start-lock.ts";
import { prepareStateFolder, stateFolder } from "../../../src/cli/local/state-folder.ts";
import {
  findRunning,
  removeTargetFile,
  writeTargetFile,
} from "../../../src/cli/local/target-file.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const alive = (...pids: number[]) =>
  recordingSystem({ signalProcess: (pid) => pids.includes(pid) });

/** A port whose server says that it is this process. */
async function listening(pid = 77): Promise<number> {
  return portOf(createServer((_request, response) => response.end(JSON.stringify({ pid }))));
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const target = (port: number, pid: number) => ({
  endpoint: `http://127.0.0.1:${port}`,
  port,
  pid,
  startedAt: "2026-11-23T12:00:00.000Z",
  version: "0.1.0",
});

describe("state folder", () => {
  const system = { cwd: "/projects/here", home: "/home/me" };
  test("one for each project, under the state home", () => {
    const one = stateFolder({ ...system, env: {} }, "/projects/a");
    expect(one).toMatch(/^\/home\/me\/\.local\/state\/lmi\/local\/[0-9a-f]{16}$/);
    expect(stateFolder({ ...system, env: {} }, "/projects/a/")).toBe(one);
    expect(stateFolder({ ...system, env: {} }, "/projects/b")).not.toBe(one);
    expect(stateFolder({ ...system, env: { XDG_STATE_HOME: "/xdg" } }, "/projects/a")).toMatch(
      /^\/xdg\/lmi\/local\//,
    );
  });
  test("LMI_LOCAL_STATE overrides it", () => {
    expect(stateFolder({ ...system, env: { LMI_LOCAL_STATE: "mine" } }, "/projects/a")).toBe(
      "/projects/here/mine",
    );
  });

  test("one that holds somebody's files is neither used nor deleted", async () => {
    const folder = await temporaryFolder({ "thesis.tex": "…" });
    expect(() => prepareStateFolder(folder)).toThrow(
      expect.objectContaining({ code: "LMI_LOCAL_STATE_FOREIGN", exitCode: 2 }),
    );
    await expect(resetLocalTarget(folder, alive())).rejects.toMatchObject({
      code: "LMI_LOCAL_STATE_FOREIGN",
    });
    expect(await readdir(folder)).toEqual(["thesis.tex"]);
  });

  test("one that cannot be made is said", async () => {
    const folder = await temporaryFolder({ file: "" });
    expect(() => prepareStateFolder(join(folder, "file", "state"))).toThrow(
      expect.objectContaining({ code: "LMI_LOCAL_STATE_UNWRITABLE" }),
    );
  });
});

describe("the running target", () => {
  test("is found while its process lives and its port answers for it", async () => {
    const folder = await temporaryFolder();
    const port = await listening();
    writeTargetFile(folder, target(port, 77));
    expect(await findRunning(folder, alive(77))).toEqual(target(port, 77));
    expect(await findRunning(folder, alive(78))).toBeUndefined();
  });

  test("is none when somebody else got its process number, but nobody listens", async () => {
    const folder = await temporaryFolder();
    writeTargetFile(folder, target(1, 77));
    expect(await findRunning(folder, alive(77))).toBeUndefined();
  });

  test("is none when its port takes connections but does not answer: it was just killed", async () => {
    const folder = await temporaryFolder();
    const port = await portOf(createSocketServer((socket) => socket.destroy()));
    writeTargetFile(folder, target(port, 77));
    expect(await findRunning(folder, alive(77))).toBeUndefined();
  });

  test("is none when another process has got its port", async () => {
    const folder = await temporaryFolder();
    writeTargetFile(folder, target(await listening(78), 77));
    expect(await findRunning(folder, alive(77, 78))).toBeUndefined();
  });

  test("is one of an older lmi, which does not say its process", async () => {
    const folder = await temporaryFolder();
    const port = await portOf(
      createServer((_request, response) => response.writeHead(403).end("<Error/>")),
    );
    writeTargetFile(folder, target(port, 77));
    expect(await findRunning(folder, alive(77))).toEqual(target(port, 77));
  });

  test.each(["", "{", "[]", '{"pid":"x"}'])("is none when target.json is %o", async (content) => {
    const folder = await temporaryFolder({ "target.json": content });
    expect(await findRunning(folder, alive(77))).toBeUndefined();
  });

  test("another one's file is not removed", async () => {
    const folder = await temporaryFolder();
    writeTargetFile(folder, target(1, 77));
    removeTargetFile(folder, 78);
    expect(await readdir(folder)).toEqual(["target.json"]);
    removeTargetFile(folder, 77);
    expect(await readdir(folder)).toEqual([]);
  });
});

async function stopping(dies: (signal: string | number) => boolean) {
  const folder = await temporaryFolder();
  writeTargetFile(folder, target(await listening(), 77));
  const sent: (string | number)[] = [];
  let lives = true;
  const system = recordingSystem({
    signalProcess: (_pid, signal) => {
      if (signal !== 0) sent.push(signal);
      if (dies(signal)) lives = false;
      return lives;
    },
  });
  const outcome = await stopLocalTarget(folder, system).catch((error: unknown) => error);
  return { sent, outcome };
}

describe("stopping", () => {
  test("asks first", async () => {
    expect(await stopping((signal) => signal === "SIGTERM")).toEqual({
      sent: ["SIGTERM"],
      outcome: true,
    });
  });
  test("then insists", async () => {
    expect(await stopping((signal) => signal === "SIGKILL")).toEqual({
      sent: ["SIGTERM", "SIGKILL"],
      outcome: true,
    });
  });
  test("and says when nothing helps", async () => {
    expect((await stopping(() => false)).outcome).toMatchObject({ code: "LMI_LOCAL_NOT_STOPPED" });
  });
});

test("reset deletes the folder, and a second one finds nothing", async () => {
  const folder = join(await temporaryFolder(), "state");
  await mkdir(join(folder, "blobs"), { recursive: true });
  await writeFile(join(folder, "state.sqlite"), "");
  expect(await resetLocalTarget(folder, alive())).toEqual({ removed: true, kept: [] });
  await expect(access(folder)).rejects.toMatchObject({ code: "ENOENT" });
  expect(await resetLocalTarget(folder, alive())).toEqual({ removed: false, kept: [] });
});

test("reset deletes the target's own files only, and says what stays", async () => {
  const folder = await temporaryFolder({
    "target.log": "",
    "target.json.77": "",
    "state.sqlite": "",
    "state.sqlite-wal": "",
    "logs.sqlite-wal": "",
    "metrics.sqlite": "",
    "metrics.sqlite-wal": "",
    "blobs/ab/abcd": "",
    "lambda/tmp/x": "",
    "thesis.tex": "…",
    "src/target.log": "…",
  });
  const outcome = await resetLocalTarget(folder, alive());
  expect(outcome).toEqual({ removed: true, kept: ["src", "thesis.tex"] });
  expect(await readdir(folder)).toEqual(["src", "thesis.tex"]);
  expect(await readdir(join(folder, "src"))).toEqual(["target.log"]);
});

describe("start lock", () => {
  test("one command at a time; a killed one does not hold it", async () => {
    const folder = await temporaryFolder();
    const release = tryStartLock(folder, 1, alive(1, 2));
    expect(release).toBeTypeOf("function");
    expect(tryStartLock(folder, 2, alive(1, 2))).toBeUndefined();
    expect(tryStartLock(folder, 2, alive(2))).toBeTypeOf("function");
  });
  test("one that is far older than any start is left over, though somebody has its owner's number", async () => {
    const folder = await temporaryFolder();
    tryStartLock(folder, 1, alive(1));
    await utimes(join(folder, "target.lock"), 0, 0);
    expect(tryStartLock(folder, 2, alive(1, 2))).toBeTypeOf("function");
  });
  test("released, it is free", async () => {
    const folder = await temporaryFolder();
    tryStartLock(folder, 1, alive(1))?.();
    expect(tryStartLock(folder, 2, alive(1, 2))).toBeTypeOf("function");
  });
});
