import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";

import { withTemporaryFolder } from "../../src/cli/temporary-folder.ts";
import { recordingSystem } from "../helpers/recording-system.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

vi.mock(import("node:fs/promises"), { spy: true });

test("what a killed command left goes; what lives, or is somebody else's, stays", async () => {
  const folder = await temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  const gone = 78;
  const system = recordingSystem({
    program: { node: "/no/such/node", version: "24.0.0", pid: 4242 },
    signalProcess: (pid) => pid === 77,
  });
  const here = hostname().replaceAll(/[^a-zA-Z0-9]/g, "") || "host";
  const kept = [`lmi-${here}-77-aaaaaa`, `lmi-elsewhere-${gone}-cccccc`, "other"];
  for (const name of [...kept, `lmi-${here}-${gone}-bbbbbb`]) {
    await mkdir(join(folder, name, "assembly"), { recursive: true });
  }
  const during = await withTemporaryFolder(system, async (own) => {
    await mkdir(join(own, "assembly"));
    return own;
  });
  expect(during).toContain(`lmi-${here}-4242-`);
  expect((await readdir(folder)).toSorted()).toEqual(kept.toSorted());
});

test("a folder that cannot be removed, since stopped work still writes, hides no failure", async () => {
  vi.mocked(rm).mockRejectedValueOnce(new Error("ENOTEMPTY"));
  vi.stubEnv("TMPDIR", await temporaryFolder());
  await expect(
    withTemporaryFolder(recordingSystem(), () => Promise.reject(new Error("interrupted"))),
  ).rejects.toThrow("interrupted");
});
