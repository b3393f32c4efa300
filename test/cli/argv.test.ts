import { Command } from "commander";
import { describe, expect, test } from "vitest";

import { commands } from "../../src/cli/commands.ts";
import { completionCommand } from "../../src/cli/commands/completion.ts";
import { initCommand } from "../../src/cli/commands/init.ts";
import { invokeCommand } from "../../src/cli/commands/invoke.ts";
import { faultCommand } from "../../src/cli/commands/local/fault.ts";
import { localCommand } from "../../src/cli/commands/local.ts";
import { logsDefaults } from "./commands/logs/logs-fixture.ts";
import { logsCommand } from "../../src/cli/commands/logs.ts";
import { statusCommand } from "../../src/cli/commands/status.ts";
import { synthCommand } from "../../src/cli/commands/synth.ts";
import { diffCommand } from "../../src/cli/commands/diff.ts";
import { doctorCommand } from "../../src/cli/commands/doctor.ts";
import { costCommand } from "../../src/cli/commands/cost.ts";
import { ejectCommand } from "../../src/cli/commands/eject.ts";
import { validateCommand } from "../../src/cli/commands/validate.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { sharedDefaults } from "../deploy/recording-deps.ts";
import { type Builder, depsWith, optionsOf } from "./options-of.ts";

const shared = {
  ...sharedDefaults(),
};

const invokeDefaults = {
  ...shared,
  function: undefined,
  payload: undefined,
  qualifier: undefined,
  async: false,
  repeat: undefined,
  concurrency: undefined,
  logs: false,
  output: undefined,
};

test.each([
  ["doctor", { failOn: "failure", policy: undefined }],
  ["doctor --policy", { policy: "caller" }],
  ["doctor --policy execution --json", { policy: "execution", json: true }],
  ["doctor --fail-on warning --json", { failOn: "warning", json: true }],
  ["doctor --max-vcpu 60 --local", { settings: { maxVcpu: "60" }, local: true }],
])("lmi %s", async (argv, expected) => {
  expect(await optionsOf(doctorCommand as Builder, argv)).toMatchObject(expected);
});

test.each([
  ["invoke", {}],
  ["invoke my-fn", { function: "my-fn" }],
  ["invoke --payload event.json", { payload: "event.json" }],
  ["invoke -p - --local", { payload: "-", local: true }],
  ["--local --json invoke", { local: true, json: true }],
  ["invoke my-fn --async --qualifier 3", { function: "my-fn", async: true, qualifier: "3" }],
  ["invoke --repeat 5 --concurrency 2 --logs", { repeat: "5", concurrency: "2", logs: true }],
  ["invoke -o out.json --region eu-west-1", { output: "out.json", region: "eu-west-1" }],
  ["invoke --no-input -qvy", { input: false, quiet: true, verbose: true, yes: true }],
  [
    "--env prod invoke --config x.json --profile p",
    { env: "prod", config: "x.json", profile: "p" },
  ],
])("%s", async (argv, expected) => {
  expect(await optionsOf(invokeCommand as Builder, argv)).toEqual({
    ...invokeDefaults,
    ...expected,
  });
});

test.each([
  [{ LMI_LOCAL: "1" }, "status", { local: true }],
  [{ LMI_LOCAL: "0" }, "status", { local: false }],
  [{ LMI_ENV: "prod", LMI_CONFIG: "a.json" }, "status", { env: "prod", config: "a.json" }],
  [{ LMI_ENV: "prod" }, "status --env dev", { env: "dev" }],
])("%o %s", async (env, argv, expected) => {
  expect(await optionsOf(statusCommand as Builder, argv, env)).toMatchObject(expected);
});

test.each([
  ["logs", {}],
  ["logs fn -f --since 1h", { function: "fn", follow: true, since: "1h" }],
  ["logs --filter ERROR --provider", { filter: "ERROR", provider: true }],
  [
    "logs --until 1m --level warn --request-id abcd --failed-only --group --poll --no-color",
    {
      until: "1m",
      level: "warn",
      requestId: "abcd",
      failedOnly: true,
      group: true,
      liveTail: false,
      color: false,
    },
  ],
])("%s", async (argv, expected) => {
  expect(await optionsOf(logsCommand as Builder, argv)).toEqual({ ...logsDefaults, ...expected });
});

test.each([
  ["synth", { format: "json", output: undefined, showOrigin: false, settings: {} }],
  [
    "synth --format yaml --max-vcpu 30 --tag a=b --tag c=d --function-env X=1",
    {
      format: "yaml",
      output: undefined,
      showOrigin: false,
      settings: { maxVcpu: "30", tag: ["a=b", "c=d"], functionEnv: ["X=1"] },
    },
  ],
  [
    "synth --allow-unsupported-runtime --subnet-ids a,b --show-origin -o out",
    {
      format: "json",
      output: "out",
      showOrigin: true,
      settings: { allowUnsupportedRuntime: true, subnetIds: ["a,b"] },
    },
  ],
])("%s", async (argv, expected) => {
  expect(await optionsOf(synthCommand as Builder, argv)).toEqual({ ...shared, ...expected });
});

test.each([
  ["cost", {}],
  [
    "cost --rps 200 --duration 40 --plot cost.html",
    { rps: "200", duration: "40", plot: "cost.html" },
  ],
  ["cost --payload 3 --logs 0", { payload: "3", logs: "0" }],
  ["cost --prices aws --volume 30 --internet 2", { prices: "aws", volume: "30", internet: "2" }],
])("%s", async (argv, expected) => {
  const usual = {
    rps: undefined,
    duration: "100",
    payload: "1",
    internet: "0",
    logs: "0.5",
    volume: undefined,
    prices: "auto",
    plot: undefined,
  };
  expect(await optionsOf(costCommand as Builder, argv)).toEqual({
    ...shared,
    settings: {},
    ...usual,
    ...expected,
  });
});

test.each([
  ["diff", {}],
  ["diff --fail --max-vcpu 40", { fail: true, settings: { maxVcpu: "40" } }],
  ["diff --drift", { drift: true }],
])("%s", async (argv, expected) => {
  expect(await optionsOf(diffCommand as Builder, argv)).toEqual({
    ...shared,
    settings: {},
    fail: false,
    drift: false,
    ...expected,
  });
});

test.each([
  ["eject", {}],
  ["eject -o out --force", { output: "out", force: true }],
  [
    "eject --format cloudformation --memory 4096",
    { format: "cloudformation", settings: { memory: "4096" } },
  ],
])("%s", async (argv, expected) => {
  const usual = { format: "cdk", output: undefined, force: false, settings: {} };
  expect(await optionsOf(ejectCommand as Builder, argv)).toEqual({
    ...shared,
    ...usual,
    ...expected,
  });
});

test.each([
  ["validate", {}],
  ["validate --fail-on warning --no-template", { failOn: "warning", template: false }],
  ["validate --memory 4096", { settings: { memory: "4096" } }],
])("%s", async (argv, expected) => {
  const usual = { failOn: "error", template: true, settings: {} };
  expect(await optionsOf(validateCommand as Builder, argv)).toEqual({
    ...shared,
    ...usual,
    ...expected,
  });
});

test.each([
  ["init", { dir: undefined, force: false, answers: {} }],
  [
    "init app --name x --arch arm64 --max-vcpu 16 --force",
    { dir: "app", force: true, answers: { name: "x", arch: "arm64", maxVcpu: "16" } },
  ],
])("%s", async (argv, expected) => {
  expect(await optionsOf(initCommand as Builder, argv)).toEqual({ ...shared, ...expected });
});

const localBuilder: Builder = (deps, run) =>
  localCommand(deps, { up: run, down: run, status: run, reset: run });

test.each([
  ["local up --foreground --port 4000", { foreground: true, port: "4000" }],
  ["local up", { foreground: false, port: undefined }],
])("%s", async (argv, expected) => {
  expect(await optionsOf(localBuilder, argv)).toEqual({ ...shared, ...expected });
});

const faultBuilder: Builder = (deps, run) =>
  new Command("local").addCommand(
    faultCommand(deps, { add: run, list: run, remove: run, clear: run }),
  );

test.each([
  [
    "local fault add throttle --service lambda --operation Invoke --times 3",
    { fault: "throttle", service: "lambda", operation: "Invoke", times: "3" },
  ],
  [
    "local fault add failed-resource --resource-type AWS::Lambda::Function --on create --when after --json",
    {
      fault: "failed-resource",
      resourceType: "AWS::Lambda::Function",
      on: "create",
      when: "after",
      json: true,
    },
  ],
  [
    "local fault add slow --delay 5s --after 2 --every 3 --probability 0.5 --in-region eu-west-1",
    {
      fault: "slow",
      delay: "5s",
      after: "2",
      every: "3",
      probability: "0.5",
      inRegion: "eu-west-1",
    },
  ],
  [
    "local fault add error --status 503 --reason Oops --logical-id Hello",
    { fault: "error", status: "503", reason: "Oops", logicalId: "Hello" },
  ],
  ["local fault list --json", { json: true }],
  ["local fault remove f2", { id: "f2" }],
  ["local fault clear", {}],
])("%s", async (argv, expected) => {
  expect(await optionsOf(faultBuilder, argv)).toEqual({ ...shared, ...expected });
});

test("completion knows its shells", async () => {
  const completion = completionCommand(
    depsWith(),
    async () => new Command(),
    async () => {},
  ).exitOverride();
  completion.configureOutput({ writeErr: () => {} });
  await expect(completion.parseAsync(["tcsh"], { from: "user" })).rejects.toThrow("tcsh");
});

describe("every command", () => {
  test.each(commands.map((entry) => [entry.name, entry] as const))(
    "%s is named and described as in the list, and its help has examples",
    async (name, entry) => {
      const program = await buildProgram(depsWith(), entry);
      const command = program.commands.find((one) => one.name() === name);
      expect(command?.description()).toBe(entry.summary);
      let help = "";
      program.configureOutput({ writeOut: (text) => void (help += text) });
      command?.configureOutput({ writeOut: (text) => void (help += text) });
      await expect(program.parseAsync([name, "--help"], { from: "user" })).rejects.toThrow(
        "outputHelp",
      );
      expect(help).toMatch(new RegExp(`Examples:\n[\\s\\S]*lmi ${name}`));
    },
  );
});
