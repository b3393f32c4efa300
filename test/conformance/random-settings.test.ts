import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { expect, onTestFinished, test } from "vitest";
import { sampleProjects } from "../helpers/random-settings/random-project.ts";
import { pythonProgram } from "../helpers/python.ts";
import { skipped } from "../helpers/skipped.ts";
import { cfnLintFindings } from "../properties/template-findings.ts";
import { checkProjects } from "../properties/valid-settings.ts";

const cfnLint = pythonProgram("cfn-lint");
/** `LMI_TEST_RUNS` and `LMI_TEST_SEED` try others. */
const runs = Number(process.env["LMI_TEST_RUNS"] ?? 500);
const seed = Number(process.env["LMI_TEST_SEED"] ?? 4);

test(`${runs} random valid settings synthesise, validate, deploy and read back what was asked`, async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), "lmi-valid-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const projects = sampleProjects(runs, seed);
  expect(await checkProjects(projects, folder)).toEqual([]);

  if (cfnLint === undefined)
    skipped(
      context,
      "There is no cfn-lint; all but its findings was looked at, and is as it should be",
    );
  const files = projects.map((_, number) => path.join(folder, `${number}.json`));
  const half = Math.ceil(files.length / 2);
  const found = await Promise.all(
    [files.slice(0, half), files.slice(half)].map((some) => cfnLintFindings(cfnLint, some)),
  );
  expect(found.flat()).toEqual([]);
});
