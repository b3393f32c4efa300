import { readdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { unzipSync } from "fflate";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TestContext } from "vitest";

import { languages } from "../../src/templates/catalogue.ts";
import type { Language } from "../../src/templates/catalogue.ts";
import { Machine } from "../e2e/lmi.ts";
import type { Finished } from "../e2e/lmi.ts";

// Projects in compiled languages, built and tested by their own tools. A tool that is missing, or cannot fetch packages
// that it does not have yet, skips with the reason. No test runs the Rust project's own build,
// `cargo lambda build`: plain cargo builds it here, as the project's README offers.

const answer = {
  statusCode: 200,
  body: '{"message":"Hello from Lambda Managed Instances!","event":{"test":"data"}}',
};
let machine: Machine;
let cwd: string;

beforeEach(async () => {
  machine = await Machine.create({
    // What these tools have fetched is used again.
    CARGO_HOME: process.env["CARGO_HOME"] ?? join(homedir(), ".cargo"),
    RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? join(homedir(), ".rustup"),
    MAVEN_ARGS: `-Dmaven.repo.local=${join(homedir(), ".m2", "repository")}`,
    NUGET_PACKAGES: join(homedir(), ".nuget", "packages"),
    DOTNET_CLI_TELEMETRY_OPTOUT: "1",
  });
  cwd = join(machine.home, "hello");
});
afterEach(() => machine.dispose([cwd]));

async function init(language: Language, runtime: string): Promise<void> {
  const made = await machine.lmi([
    "init",
    "hello",
    "--yes",
    "--language",
    language,
    "--runtime",
    runtime,
  ]);
  expect(made, made.stderr).toMatchObject({ code: 0 });
}

function shell(command: string, env: Record<string, string> = {}): Promise<Finished> {
  return machine.run("/bin/sh", ["-c", command], { cwd, env });
}

/** A tool's own word that it is not there, or could not fetch; anything else is a failure of the project. */
const unavailable =
  /^\S*sh: .*not found$|Could not resolve|Could not transfer|Unknown host|Unable to load the service index|failed to (?:download|get)|Couldn't resolve host|release version \d+ not supported/;

function succeeded(finished: Finished, context: TestContext): Finished {
  const said = finished.stderr + finished.stdout;
  const missing = said.split("\n").find((line) => unavailable.test(line));
  if (finished.code !== 0 && missing !== undefined) context.skip(missing.trim());
  expect(finished, said).toMatchObject({ code: 0 });
  return finished;
}

/** The code in the assembly that `lmi synth` writes, its build included. */
async function synthesized(output: string, env: Record<string, string>, context: TestContext) {
  succeeded(await machine.lmi(["synth", "--output", output], { cwd, env }), context);
  const written = await readdir(join(cwd, output));
  const code = written.find((file) => file.endsWith(".zip")) ?? "";
  return { code, files: unzipSync(await readFile(join(cwd, output, code))) };
}

/** The newest JDK among those that Linux distributions install beside each other, or the one of the PATH. */
async function javaHome(): Promise<Record<string, string>> {
  const installed = await readdir("/usr/lib/jvm").catch(() => []);
  const [newest] = installed.toSorted((a, b) => javaVersion(b) - javaVersion(a));
  return newest === undefined ? {} : { JAVA_HOME: join("/usr/lib/jvm", newest) };
}

/** 25 for `temurin-25-jdk-amd64`. */
function javaVersion(name: string): number {
  return Number(/^[a-z]+-(?:1\.)?(?<version>\d{2})\b/.exec(name)?.groups?.["version"] ?? 0);
}

test.for(languages.java.runtimes)(
  "Java on %s: its test, its build, and the same jar from the same code",
  async (runtime, context) => {
    await init("java", runtime);
    const env = await javaHome();
    const tested = succeeded(await shell("mvn --batch-mode test", env), context);
    expect(tested.stdout).toMatch(/Tests run: 2, Failures: 0, Errors: 0, Skipped: 0/);
    const first = await synthesized("first", env, context);
    expect(Object.keys(first.files)).toEqual(
      expect.arrayContaining(["example/Handler.class", "com/google/gson/Gson.class"]),
    );
    await shell("rm -r target");
    expect((await synthesized("second", env, context)).code).toBe(first.code);
  },
);

test.for(languages.csharp.runtimes)(
  "C# on %s: its test, its build, and the same files from the same code",
  async (runtime, context) => {
    await init("csharp", runtime);
    succeeded(await shell("dotnet --version"), context);
    const tested = succeeded(await shell(languages.csharp.test), context);
    expect(tested.stdout).toMatch(/Passed:\s+2/);
    const first = await synthesized("first", {}, context);
    expect(Object.keys(first.files)).toEqual(
      expect.arrayContaining(["Function.dll", "Function.deps.json", "Function.runtimeconfig.json"]),
    );
    await shell("rm -r build src/Function/bin src/Function/obj");
    expect((await synthesized("second", {}, context)).code).toBe(first.code);
  },
);

test.skipIf(process.platform !== "linux")(
  "Rust: its test, and many requests at once on the local target (Linux)",
  async (context) => {
    await init("rust", "provided.al2023");
    succeeded(await shell("cargo fetch --locked"), context);
    const tested = succeeded(await shell(`${languages.rust.test} --locked`), context);
    expect(tested.stdout).toMatch(/test result: ok\. 2 passed/);
    await builtByCargoAlone();
    succeeded(await shell("cargo build --locked"), context);
    const deployed = await machine.lmi(["deploy", "--local", "--yes"], { cwd });
    expect(deployed, deployed.stderr).toMatchObject({ code: 0 });
    const sample = ["--payload", "events/sample.json"];
    const answered = await machine.lmi(["invoke", "--local", ...sample], { cwd });
    const { statusCode, body } = JSON.parse(answered.stdout) as typeof answer;
    expect({ statusCode, body: JSON.parse(body) }).toEqual({
      statusCode: 200,
      body: JSON.parse(answer.body),
    });
    const many = ["--repeat", "64", "--concurrency", "8", "--json"];
    const repeated = await machine.lmi(["invoke", "--local", ...sample, ...many], { cwd });
    expect(repeated, repeated.stderr).toMatchObject({ code: 0 });
    const destroyed = await machine.lmi(["destroy", "--local", "--yes"], { cwd });
    expect(destroyed, destroyed.stderr).toMatchObject({ code: 0 });
  },
);

/** For the processor at hand, without cargo-lambda, as the project's README offers; unoptimised, which compiles faster. */
async function builtByCargoAlone(): Promise<void> {
  const file = join(cwd, "lmi.json");
  const settings = await readFile(file, "utf8");
  const architecture = process.arch === "arm64" ? "arm64" : "x86_64";
  await writeFile(
    file,
    settings
      .replace('"cargo lambda build --release"', '"cargo build --locked"')
      .replace('"target/lambda/bootstrap"', '"target/debug/bootstrap"')
      .replace('"x86_64"', JSON.stringify(architecture)),
  );
}
