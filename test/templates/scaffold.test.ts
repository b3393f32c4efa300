import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadSettings } from "../../src/cli/config/load-settings.ts";
import { buildFunction } from "../../src/synth/build-function.ts";
import { scaffold } from "../../src/templates/scaffold.ts";
import type { ScaffoldAnswers } from "../../src/templates/scaffold-answers.ts";

const run = promisify(execFile);
const answers: ScaffoldAnswers = {
  name: "hello",
  language: "typescript",
  runtime: "nodejs24.x",
  architecture: "arm64",
  maxVCpu: 40,
  memory: 4096,
  azs: 2,
  egress: "public",
};

async function scaffolded(given: Partial<ScaffoldAnswers> = {}): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "lmi-scaffold-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(scaffold({ ...answers, ...given }))) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

describe.each(["typescript", "javascript"] as const)("a new %s project", (language) => {
  const extension = language === "typescript" ? "ts" : "js";

  it("begins with what a person wants to see", () => {
    expect(Object.keys(scaffold({ ...answers, language })).slice(0, 4)).toEqual([
      "lmi.json",
      `src/handler.${extension}`,
      "events/sample.json",
      `test/handler.test.${extension}`,
    ]);
  });

  it("has the settings that were chosen", async () => {
    const cwd = await scaffolded({ language });
    const { settings, warnings } = await loadSettings({ cwd, env: {} });
    expect(settings).toMatchObject({
      name: "hello",
      region: undefined,
      network: { azs: 2, egress: "public" },
      capacity: { architecture: "arm64", maxVCpu: 40 },
    });
    expect(settings.functions["my-managed-instance-function"]).toMatchObject({
      memory: 4096,
      runtime: "nodejs24.x",
    });
    expect(warnings).toEqual([]);
  });

  it("builds, and answers like AWS's sample to the letter", async () => {
    const cwd = await scaffolded({ language });
    const { settings } = await loadSettings({ cwd, env: {} });
    for (const [name, own] of Object.entries(settings.functions))
      await buildFunction(name, own, cwd, path.join(cwd, "out"));
    const { handler } = (await import(
      pathToFileURL(path.join(cwd, `src/handler.${extension}`)).href
    )) as {
      handler: (event: unknown) => Promise<unknown>;
    };
    expect(JSON.stringify(await handler({ test: "data" }))).toBe(
      String.raw`{"statusCode":200,"body":"{\"message\":\"Hello from Lambda Managed Instances!\",\"event\":{\"test\":\"data\"}}"}`,
    );
  });

  it("passes its own tests with nothing installed", async () => {
    const cwd = await scaffolded({ language });
    // Without the variables of the test run around it.
    const { stdout } = await run(process.execPath, ["--test"], { cwd, env: { PATH: "" } });
    expect(stdout).toMatch(/pass 2\b/);
    expect(stdout).toMatch(/fail 0\b/);
  });
});

function packageOf(given: Partial<ScaffoldAnswers>): Record<string, unknown> {
  return JSON.parse(scaffold({ ...answers, ...given })["package.json"] ?? "") as Record<
    string,
    unknown
  >;
}

describe("package.json of a new project", () => {
  it("depends on lmi when its version is known", () => {
    expect(packageOf({ lmiVersion: "0.1.0" })["devDependencies"]).toMatchObject({ lmi: "^0.1.0" });
    expect(packageOf({ language: "javascript" })).not.toHaveProperty("devDependencies");
  });
});
