import { execFile } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { ScaffoldAnswers } from "../../src/templates/scaffold-answers.ts";
import { loadSettings } from "../../src/cli/config/load-settings.ts";
import { buildFunction } from "../../src/synth/build-function.ts";
import { filesOf, scaffolded } from "./scaffolded.ts";

const run = promisify(execFile);
describe.each(["typescript", "javascript"] as const)("a new %s project", (language) => {
  const extension = language === "typescript" ? "ts" : "js";

  it("begins with what a person wants to see", async () => {
    expect(Object.keys(await filesOf({ language })).slice(0, 4)).toEqual([
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

async function packageOf(given: Partial<ScaffoldAnswers>): Promise<Record<string, unknown>> {
  return JSON.parse((await filesOf(given))["package.json"] ?? "") as Record<string, unknown>;
}

describe("package.json of a new project", () => {
  it("depends on lmi when its version is known", async () => {
    expect((await packageOf({ lmiVersion: "0.1.0" }))["devDependencies"]).toMatchObject({
      lmi: "^0.1.0",
    });
    expect(await packageOf({ language: "javascript" })).not.toHaveProperty("devDependencies");
  });
});
