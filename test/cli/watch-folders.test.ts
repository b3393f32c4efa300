import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { watchFolders } from "../../src/cli/watch-folders.ts";

async function folder(): Promise<string> {
  const top = await mkdtemp(join(tmpdir(), "lmi-test-"));
  onTestFinished(() => rm(top, { recursive: true, force: true }));
  await mkdir(join(top, "src"));
  return top;
}

test("a folder that is removed and made again, as by git checkout, is watched on", async () => {
  const top = await folder();
  const src = join(top, "src");
  const folders = watchFolders({ warn: (message) => expect.unreachable(message) });
  onTestFinished(() => folders.close());
  folders.set([top, src]);
  await rm(src, { recursive: true });
  await mkdir(src);
  expect(await folders.next(AbortSignal.timeout(5000))).toContain(src);
  folders.set([top, src]);
  // What the system still had to tell of the removal, and of the new watch.
  await writeFile(join(src, "handler.ts"), "1");
  const seen = new Set<string>();
  await vi.waitFor(() => {
    for (const file of folders.forget()) seen.add(file);
    expect(seen).toContain(join(src, "handler.ts"));
  });
});

test("folders that the system cannot watch are told of, once", async () => {
  const top = await folder();
  const warnings: string[] = [];
  const open = vi.fn<() => never>(() => {
    throw Object.assign(new Error("no watches left"), { code: "ENOSPC" });
  });
  const folders = watchFolders({
    warn: (message) => void warnings.push(message),
    open,
  });
  folders.set([top, join(top, "src")]);
  expect(open).toHaveBeenCalledTimes(2);
  expect(warnings).toEqual([expect.stringMatching(/not seen \(ENOSPC\).*max_user_watches/)]);
});

test("a folder that is gone is no cause for a warning", async () => {
  const top = await folder();
  const folders = watchFolders({ warn: (message) => expect.unreachable(message) });
  onTestFinished(() => folders.close());
  folders.set([top, join(top, "gone")]);
});

test("what lmi itself writes is no save", async () => {
  const top = await folder();
  const ignore = join(top, "recorded.json");
  const folders = watchFolders({ warn: (message) => expect.unreachable(message), ignore });
  onTestFinished(() => folders.close());
  folders.set([top]);
  await writeFile(ignore, "[]");
  await writeFile(join(top, "later.json"), "[]");
  // The system tells of one folder's files in their order.
  expect(await folders.next(AbortSignal.timeout(5000))).toEqual(new Set([join(top, "later.json")]));
});
