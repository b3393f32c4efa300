import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { nodeForRuntime, nodeToFetch } from "../../../src/local/runtime/node-runtimes.ts";

const log = () => undefined;
const running = process.versions.node.split(".")[0];

test("takes the running Node.js when its major version is right", async () => {
  expect(await nodeForRuntime(`nodejs${running}.x`, { log })).toBe(process.execPath);
});

test("says which Node.js is needed when there is no other", async () => {
  await expect(nodeForRuntime("nodejs18.x", { log })).rejects.toMatchObject({
    reasonCode: "InvalidRuntime",
    message: expect.stringMatching(/needs Node\.js 18, but this is Node\.js \d+/),
  });
});

test("takes one from the cache without asking npm", async () => {
  const cacheFolder = await mkdtemp(join(tmpdir(), "lmi-test-node-"));
  onTestFinished(() => rm(cacheFolder, { recursive: true, force: true }));
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `${prefix}-${platform}-${process.arch}`;
  const bin = join(cacheFolder, "node", "18", "node_modules", name, "bin");
  await mkdir(bin, { recursive: true });
  const file = join(bin, process.platform === "win32" ? "node.exe" : "node");
  await writeFile(file, "");
  expect(await nodeForRuntime("nodejs18.x", { cacheFolder, log })).toBe(file);
  expect(await nodeToFetch("nodejs18.x", cacheFolder)).toBeUndefined();
});

test("says beforehand what would be fetched", async () => {
  const nowhere = join(tmpdir(), "lmi-test-no-such-cache");
  expect(await nodeToFetch("nodejs18.x", nowhere)).toMatch(/^node-[a-z0-9-]+@18$/);
  expect(await nodeToFetch(`nodejs${running}.x`, nowhere)).toBeUndefined();
  expect(await nodeToFetch("python3.13", nowhere)).toBeUndefined();
});

test("refuses what is no Node.js runtime", async () => {
  await expect(nodeForRuntime("python3.13", { log })).rejects.toMatchObject({
    message: expect.stringContaining("functions of Node.js and provided.al2023 only; python3.13"),
  });
});
