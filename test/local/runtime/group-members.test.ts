import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { GroupMembers } from "../../../src/local/runtime/group-members.ts";

const megabyte = 1024 * 1024;

async function fakeProc() {
  const proc = await mkdtemp(join(tmpdir(), "lmi-test-proc-"));
  onTestFinished(() => rm(proc, { recursive: true, force: true }));
  await mkdir(join(proc, "self"));
  const run = async (pid: number, group: number, megabytes: number) => {
    await mkdir(join(proc, String(pid)), { recursive: true });
    await writeFile(join(proc, String(pid), "stat"), `${pid} (a) b 9 9) S 1 ${group} 0\n`);
    const status = `Name:\ta\nRssAnon:\t${megabytes * 1000} kB\nRssFile:\t9999 kB\nRssShmem:\t${megabytes * 24} kB\n`;
    await writeFile(join(proc, String(pid), "status"), status);
  };
  const end = (pid: number) => rm(join(proc, String(pid)), { recursive: true });
  return { members: new GroupMembers(proc), run, end };
}

test("a look reads the known members alone; a search finds what they started", async () => {
  const { members, run } = await fakeProc();
  await run(10, 10, 5);
  await run(20, 20, 7);
  members.watch(10);
  expect([...members.memory()]).toEqual([[10, 5 * megabyte]]);
  await run(11, 10, 3);
  expect([...members.memory()]).toEqual([[10, 5 * megabyte]]);
  await members.find();
  expect([...members.memory()]).toEqual([[10, 8 * megabyte]]);
});

test("what has ended is forgotten, and whoever has its number now does not count", async () => {
  const { members, run, end } = await fakeProc();
  await run(10, 10, 5);
  await run(11, 10, 3);
  members.watch(10);
  await members.find();
  await end(10);
  expect([...members.memory()]).toEqual([[10, 3 * megabyte]]);
  await run(11, 30, 4);
  expect([...members.memory()]).toEqual([]);
});

test("a group that is watched no more has no members", async () => {
  const { members, run } = await fakeProc();
  await run(10, 10, 5);
  await run(11, 10, 3);
  members.watch(10);
  await members.find();
  members.unwatch(10);
  await members.find();
  expect([...members.memory()]).toEqual([]);
});
