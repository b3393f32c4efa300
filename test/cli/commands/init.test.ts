import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import type { Aws } from "../../../src/aws/ports.ts";
import { productOf } from "../../../src/aws/price-lists.ts";
import { runInit } from "../../../src/cli/commands/init.ts";
import type { InitOptions } from "../../../src/cli/commands/init.ts";
import type { System } from "../../../src/cli/system.ts";
import type { Prompter } from "../../../src/cli/prompter.ts";
import { SilentPrompter } from "../../../src/cli/silent-prompter.ts";
import { irishProducts } from "../../helpers/price-list-server.ts";
import { recordingAws } from "../../helpers/recording-aws.ts";
import { RecordingPrompter } from "../../helpers/recording-prompter.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";

const options: InitOptions = {
  ...sharedDefaults(),
  dir: "hello",
  force: false,
  answers: {},
};

async function init(
  given: Partial<InitOptions> = {},
  prompter: Prompter = new SilentPrompter({ yes: true }),
  files: Record<string, string> = {},
  { system, aws = recordingAws() }: { system?: Partial<System>; aws?: Aws } = {},
) {
  const cwd = await temporaryFolder(files);
  const reporter = new RecordingReporter();
  const error = await runInit(
    { ...options, ...given },
    { system: recordingSystem({ cwd, ...system }), reporter, prompter, aws: async () => aws },
  ).catch((thrown: unknown) => thrown);
  const settings = async (dir = "hello") =>
    JSON.parse(await readFile(join(cwd, dir, "lmi.json"), "utf8")) as Record<string, unknown>;
  return { cwd, reporter, error, settings };
}

test("--yes writes the reference project, with cost and what to do next", async () => {
  const { cwd, reporter, error, settings } = await init();
  expect(error).toBeUndefined();
  expect(await readdir(join(cwd, "hello", "src"))).toEqual(["handler.ts"]);
  expect(await settings()).toMatchObject({
    name: "hello",
    network: { azs: 1, egress: "nat" },
    capacity: { architecture: "x86_64", maxVCpu: 30 },
    functions: { "my-managed-instance-function": { runtime: "nodejs24.x", memory: 2048 } },
  });
  expect(reporter.results).toMatchObject([
    {
      directory: join(cwd, "hello"),
      cost: { minimum: expect.any(Number), cap: expect.any(Number) },
    },
  ]);
  const said = reporter.said.join("\n");
  for (const part of [/≈ \$\d+ a month/, /cd hello && lmi deploy --local/])
    expect(said).toMatch(part);
});

test("asks for what no flag has answered, and for nothing else", async () => {
  const prompter = new RecordingPrompter({
    "--arch": "arm64",
    "--memory": "4096",
    "--egress": "public",
  });
  const { settings } = await init({ answers: { name: "shop", maxVcpu: "16" } }, prompter);
  expect(prompter.asked).toEqual([
    "What will run here?",
    "Architecture?",
    "Memory of one execution environment?",
    "Network?",
  ]);
  expect(await settings()).toMatchObject({
    name: "shop",
    network: { egress: "public" },
    capacity: { architecture: "arm64", maxVCpu: 16 },
    functions: { "my-managed-instance-function": { memory: 4096 } },
  });
});

test("the question offers every runtime, then the examples", async () => {
  const rest = {
    arch: "arm64",
    maxVcpu: "16",
    memory: "2048",
    egress: "public",
    name: "x",
  } as const;
  const java = new RecordingPrompter({ "--runtime or --template": "java java21" });
  const project = await init({ answers: rest }, java);
  expect(await project.settings()).toMatchObject({
    functions: {
      "my-managed-instance-function": { runtime: "java21", entry: "target/function.jar" },
    },
  });
  const said = project.reporter.said.join("\n");
  expect(said).toMatch(/cd hello && mvn test {3}\(its test\)/);
  expect(said).toMatch(/lmi deploy {3}\(AWS; the local target does not run Java\)/);
  const worker = new RecordingPrompter({
    "--runtime or --template": "typescript nodejs24.x sqs-worker",
  });
  expect(await (await init({ answers: rest }, worker)).settings()).toMatchObject({
    functions: { x: { events: [{ type: "sqs" }] } },
  });
});

test("an example with packages begins with npm install, one of one kind asks nothing", async () => {
  const { reporter, settings } = await init({
    answers: { template: "powertools", runtime: "nodejs22.x" },
  });
  expect(reporter.said.join("\n")).toContain("cd hello && npm install && lmi deploy --local");
  expect(await settings()).toMatchObject({ functions: { hello: { runtime: "nodejs22.x" } } });
});

test("every answer can be a flag: then nothing is asked", async () => {
  const answers = {
    name: "x",
    language: "javascript",
    runtime: "nodejs22.x",
    arch: "arm64",
    maxVcpu: "12",
    memory: "2048",
    azs: "2",
    egress: "none",
  } as const;
  const { error, settings } = await init(
    { answers, region: "eu-west-1" },
    new SilentPrompter({ yes: false }),
  );
  expect(error).toBeUndefined();
  expect(await settings()).toMatchObject({
    region: "eu-west-1",
    network: { azs: 2, egress: "none" },
  });
});

describe("refuses, and writes nothing", () => {
  test("files in the way, all of them listed", async () => {
    const { cwd, error } = await init({}, undefined, {
      "hello/lmi.json": "{}",
      "hello/src/handler.ts": "mine",
    });
    expect(error).toMatchObject({
      code: "LMI_FILES_IN_THE_WAY",
      exitCode: 2,
      details: { files: ["lmi.json", "src/handler.ts"] },
      next: expect.stringContaining("--force"),
    });
    expect(await readdir(join(cwd, "hello"))).toEqual(["lmi.json", "src"]);
  });

  test.each([
    [{ maxVcpu: "5" }, "LMI_SETTINGS_INVALID"],
    [{ memory: "2100" }, "LMI_SETTINGS_INVALID"],
    [{ runtime: "nodejs20.x" }, "LMI_SETTINGS_INVALID"],
    [{ runtime: "ruby3.4" }, "LMI_USAGE"],
    [{ runtime: "python3.12" }, "LMI_SETTINGS_INVALID"],
    [{ runtime: "python3.14", language: "java" }, "LMI_USAGE"],
    [{ runtime: "nodejs24.x", language: "javascript", template: "http-api" }, "LMI_USAGE"],
    [{ maxVcpu: "many" }, "LMI_USAGE"],
  ] as const)("%o", async (answers, code) => {
    const { cwd, error } = await init({ answers });
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(await readdir(cwd)).toEqual([]);
  });
});

test("--force writes over what is there", async () => {
  const { error, settings } = await init({ force: true }, undefined, { "hello/lmi.json": "{}" });
  expect(error).toBeUndefined();
  expect(await settings()).toMatchObject({ name: "hello" });
});

test("a person with credentials is told AWS's prices; nobody else waits for them", async () => {
  const region = "eu-west-1";
  let questions = 0;
  const here = irishProducts().filter(
    ({ product: { attributes } }) =>
      attributes["regionCode"] === region && attributes["tenancy"] !== "Dedicated",
  );
  const aws = recordingAws({
    target: { region },
    priceLists: {
      products: async () => {
        questions += 1;
        return here.flatMap((each) => productOf(JSON.stringify(each)));
      },
    },
  });
  const env = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" };
  const terminal = { stdinIsTerminal: true, stderrIsTerminal: true };
  const said = async (given: Partial<InitOptions>, system: Partial<System>) => {
    const home = await temporaryFolder({});
    const prompter = new RecordingPrompter();
    const { error, reporter } = await init(
      given,
      prompter,
      {},
      { system: { home, ...system }, aws },
    );
    expect(error).toBeUndefined();
    return reporter.said.join("\n");
  };
  expect(await said({}, { env, ...terminal })).toContain(
    "Prices of eu-west-1 from AWS, 2026-11-23",
  );
  expect(questions).toBe(1);
  for (const [given, system] of [
    [{}, terminal],
    [{}, { env }],
    [{ yes: true }, { env, ...terminal }],
    [{ input: false }, { env, ...terminal }],
  ] as const)
    expect(await said(given, system)).toContain("Prices of us-east-1, 2026-04");
  expect(questions).toBe(1);
});
