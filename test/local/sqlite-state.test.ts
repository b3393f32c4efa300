import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteState, type SqliteState } from "../../src/local/sqlite-state.ts";

interface Thing {
  readonly value: number;
  readonly list?: number[];
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lmi-state-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(folder: string): SqliteState {
  const state = openSqliteState(folder);
  onTestFinished(() => {
    try {
      state.close();
    } catch {
      // The test closed it.
    }
  });
  return state;
}

test("documents survive a restart, by collection, region and id, in the order of their ids", () => {
  const folder = temporaryFolder();
  const first = open(folder);
  const things = first.collection<Thing>("a.things");
  things.put("us-east-1", "b", { value: 2 });
  things.put("us-east-1", "a", { value: 1 });
  things.put("us-east-1", "c", { value: 9 });
  things.put("eu-west-1", "a", { value: 3 });
  expect(things.delete("us-east-1", "c")).toBe(true);
  expect(things.delete("us-east-1", "c")).toBe(false);
  first.collection<Thing>("b.things").put("us-east-1", "a", { value: 4 });
  first.close();

  const second = open(folder);
  const again = second.collection<Thing>("a.things");
  expect(again.list("us-east-1")).toEqual([{ value: 1 }, { value: 2 }]);
  expect(again.get("eu-west-1", "a")).toEqual({ value: 3 });
  expect(again.get("us-east-1", "c")).toBeUndefined();
  expect(again.entries()).toHaveLength(3);
  expect(second.collectionNames().toSorted()).toEqual(["a.things", "b.things"]);
});

test("what a caller changes in its copy changes nothing in the store", () => {
  const things = open(temporaryFolder()).collection<Thing>("things");
  const given = { value: 1, list: [1] };
  things.put("r", "a", given);
  given.list.push(2);
  things.get("r", "a")?.list?.push(3);
  expect(things.get("r", "a")).toEqual({ value: 1, list: [1] });
});

test("a transaction that throws leaves nothing behind, in memory and on disk", () => {
  const folder = temporaryFolder();
  const state = open(folder);
  const things = state.collection<Thing>("things");
  things.put("r", "kept", { value: 1 });
  things.put("r", "deleted", { value: 1 });
  const fail = () =>
    state.transaction(() => {
      things.put("r", "kept", { value: 2 });
      things.put("r", "new", { value: 2 });
      things.delete("r", "deleted");
      throw new Error("no");
    });
  expect(fail).toThrow("no");
  const before = { kept: { value: 1 }, new: undefined, deleted: { value: 1 } };
  const read = (collection: typeof things) => ({
    kept: collection.get("r", "kept"),
    new: collection.get("r", "new"),
    deleted: collection.get("r", "deleted"),
  });
  expect(read(things)).toEqual(before);
  state.close();
  expect(read(open(folder).collection<Thing>("things"))).toEqual(before);
});

test("a folder in use is refused with what to do", () => {
  const folder = temporaryFolder();
  open(folder);
  expect(() => openSqliteState(folder)).toThrow(
    expect.objectContaining({
      code: "LMI_LOCAL_STATE_LOCKED",
      next: expect.stringContaining("lmi local down"),
    }),
  );
});

test("kill -9 loses nothing that was acknowledged", async () => {
  const folder = temporaryFolder();
  const module = new URL("../../src/local/sqlite-state.ts", import.meta.url).href;
  const program = `
    const { openSqliteState } = await import(${JSON.stringify(module)});
    const things = openSqliteState(process.argv[1]).collection("things");
    for (let value = 0; ; value += 1) {
      things.put("r", String(value), { value });
      process.stdout.write(value + "\\n");
      if (value % 100 === 0) await new Promise(setImmediate);
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));
  let acknowledged = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    if (acknowledged === 500) child.kill("SIGKILL");
  }
  await exited;

  expect(acknowledged).toBeGreaterThanOrEqual(500);
  const ids = new Set(
    open(folder)
      .collection<Thing>("things")
      .list("r")
      .map(({ value }) => value),
  );
  expect([...Array(acknowledged + 1).keys()].filter((value) => !ids.has(value))).toEqual([]);
});
