import { execFile } from "node:child_process";
import { access, readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../src/cli/config/load-settings.ts";
import { runtimeProblem } from "../../src/synth/runtimes.ts";
import { buildFunction } from "../../src/synth/build-function.ts";
import { languages } from "../../src/templates/catalogue.ts";
import type { Language } from "../../src/templates/catalogue.ts";
import { filesOf, scaffolded } from "./scaffolded.ts";

const run = promisify(execFile);
const everyKind = (Object.keys(languages) as Language[]).flatMap((language) =>
  languages[language].runtimes.map((runtime) => [language, runtime] as const),
);

test("every runtime that Managed Instances support has its language", () => {
  const offered = new Set(everyKind.map(([, runtime]) => runtime));
  expect([...offered].filter((runtime) => runtimeProblem(runtime) !== undefined)).toEqual([]);
  const [, all = ""] = (runtimeProblem("cobol85") ?? "").split(": ");
  expect(offered).toEqual(new Set(all.split(", ")));
});

describe.each(everyKind)("a new %s project on %s", (language, runtime) => {
  test("has settings that hold, its sample event, its test and a .gitignore", async () => {
    const cwd = await scaffolded({ language, runtime });
    const { settings, warnings } = await loadSettings({ cwd, env: {} });
    const support = /has its end of support/;
    expect(warnings.filter((warning) => !support.test(warning))).toEqual([]);
    expect(warnings.some((warning) => support.test(warning))).toBe(runtime === "dotnet8");
    expect(settings.functions["my-managed-instance-function"]).toMatchObject({ runtime });
    const files = Object.keys(await filesOf({ language, runtime }));
    expect(files).toEqual(expect.arrayContaining(["events/sample.json", ".gitignore"]));
    const content = Object.values(await filesOf({ language, runtime })).join("\n");
    expect(content).toContain("Hello from Lambda Managed Instances!");
    expect(content).toMatch(/keeps.?requests.?apart/i);
    expect(files).not.toContain("gitignore");
  });
});

test.each([
  ["java", "java25", "pom.xml", "<maven.compiler.release>25<"],
  ["java", "java21", "pom.xml", "<maven.compiler.release>21<"],
  ["csharp", "dotnet10", "src/Function/Function.csproj", "<TargetFramework>net10.0<"],
  ["csharp", "dotnet8", "src/Function/Function.csproj", "<TargetFramework>net8.0<"],
  ["csharp", "dotnet8", "test/Function.Tests/Function.Tests.csproj", "<TargetFramework>net8.0<"],
] as const)("%s is built for %s in %s", async (language, runtime, file, wanted) => {
  expect((await filesOf({ language, runtime }))[file]).toContain(wanted);
});

test.each([
  ["csharp", "dotnet10", "x86_64", "--runtime linux-x64"],
  ["csharp", "dotnet10", "arm64", "--runtime linux-arm64"],
  ["rust", "provided.al2023", "x86_64", "cargo lambda build --release"],
  ["rust", "provided.al2023", "arm64", "cargo lambda build --release --arm64"],
] as const)("%s on %s is built for %s", async (language, runtime, architecture, wanted) => {
  const cwd = await scaffolded({ language, runtime, architecture });
  const { settings } = await loadSettings({ cwd, env: {} });
  expect(`${settings.functions["my-managed-instance-function"]?.build} `).toContain(`${wanted} `);
});

/** Python 3.9 or later, which is what the project's own files need. */
async function pythonVersion(): Promise<boolean> {
  const asked = run("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]);
  return asked.then(
    () => true,
    () => false,
  );
}
const hasPython = await pythonVersion();

describe.skipIf(!hasPython)("a Python project (needs python3, 3.9 or later, on the PATH)", () => {
  test("passes its own test", async () => {
    const cwd = await scaffolded({ language: "python", runtime: "python3.14" });
    const [command = "", ...args] = languages.python.test.split(" ");
    const { stderr } = await run(command, args, { cwd });
    expect(stderr).toMatch(/^Ran 2 tests/m);
    expect(stderr).toMatch(/^OK$/m);
  });

  test("its build makes what its handler names", async () => {
    const cwd = await scaffolded({ language: "python", runtime: "python3.14" });
    const { settings } = await loadSettings({ cwd, env: {} });
    const own = settings.functions["my-managed-instance-function"];
    if (!own?.build) throw new Error("no build");
    await run(own.build, [], { cwd, shell: true, env: { PATH: process.env["PATH"] } });
    await access(path.join(cwd, "build", `${own.handler.split(".")[0]}.py`));
    const built = await buildFunction("f", own, cwd, path.join(cwd, "out"));
    expect(Object.keys(unzipSync(await readFile(built.assetPath)))).toEqual(["handler.py"]);
  });
});
