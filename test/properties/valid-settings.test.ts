import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sampleProjects } from "../helpers/random-settings/random-project.ts";
import { checkProjects } from "./valid-settings.ts";

// 500 of them, and cfn-lint, in test/conformance/random-settings.test.ts.
test(
  "random valid settings synthesise, validate, deploy and read back",
  { timeout: 120_000 },
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "lmi-valid-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    expect(await checkProjects(sampleProjects(10), folder)).toEqual([]);
  },
);
