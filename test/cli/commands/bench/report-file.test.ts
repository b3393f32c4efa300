import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { reportFile } from "../../../../src/cli/commands/bench/report-file.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";

test("makes the folder, and leaves no file before there is a report", async () => {
  const cwd = await temporaryFolder({});
  const system = recordingSystem({ cwd });
  expect(await reportFile("a/b/r.html", "x", system)).toBe(join(cwd, "a/b/r.html"));
  expect(await readdir(join(cwd, "a/b"))).toEqual([]);
  expect(await reportFile(undefined, "a:b", system)).toBe(
    join(cwd, ".lmi/bench-a_b-20261123T120000.html"),
  );
});

test("keeps a report that is there", async () => {
  const cwd = await temporaryFolder({ "r.html": "old" });
  await reportFile("r.html", "x", recordingSystem({ cwd }));
  expect(await readdir(cwd)).toEqual(["r.html"]);
});

test.each(["lmi.json/r.html", "folder", "/proc/x/r.html"])("%s cannot be one", async (name) => {
  const cwd = await temporaryFolder({ "lmi.json": "{}", "folder/x": "" });
  await expect(reportFile(name, "x", recordingSystem({ cwd }))).rejects.toMatchObject({
    code: "LMI_OUTPUT_NOT_WRITABLE",
    exitCode: 2,
  });
});
