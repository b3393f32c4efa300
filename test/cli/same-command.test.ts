import { Command } from "commander";
import { expect, test } from "vitest";

import { placedReporter } from "../../src/cli/output/placed-reporter.ts";
import { again, runningCommand, withSettings } from "../../src/cli/same-command.ts";
import { addSettingOptions } from "../../src/cli/setting-options.ts";
import { LmiError } from "../../src/errors.ts";
import { RecordingReporter } from "../helpers/recording-reporter.ts";

async function given(argv: string, name = "deploy"): Promise<ReturnType<typeof runningCommand>> {
  const command = new Command(name)
    .argument("[functions...]")
    .option("--probe <event>")
    .option("--no-probe")
    .option("--retain <ids...>")
    .option("--json")
    .option("--yes")
    .option("--max-wait <minutes>", "", "30");
  addSettingOptions(command);
  await command.action(() => {}).parseAsync(argv.split(" "), { from: "user" });
  return runningCommand(command);
}

test.each([
  ["--memory 4096 --max-vcpu 24", " --memory 4096 --max-vcpu 24"],
  ["one two --no-probe", " one two --no-probe"],
  ["--probe {} --json", " --probe '{}'"],
  ["--max-wait 5 --tag a=b --tag c=d", " --max-wait 5 --tag a=b --tag c=d"],
  ["--retain Table Bucket", " --retain Table Bucket"],
  ["--function-env TOKEN=secret", " --function-env 'TOKEN=…'"],
  ["--json", ""],
])("deploy %s is said again with all that counts", async (argv, words) => {
  const { words: said } = await given(argv);
  expect(said.split(" ").toSorted()).toEqual(words.split(" ").toSorted());
});

test.each([
  ["lmi deploy", "lmi deploy --memory 4096"],
  ["lmi deploy   (goes on from here)", "lmi deploy --memory 4096   (goes on from here)"],
  ["lmi deploy --local   (goes on)", "lmi deploy --local --memory 4096   (goes on)"],
  [
    "lmi deploy --env 'a b' --region eu-west-1",
    "lmi deploy --env 'a b' --region eu-west-1 --memory 4096",
  ],
  ["lmi deploy --attach   or   lmi status", "lmi deploy --attach   or   lmi status"],
  ["lmi status", "lmi status"],
  [
    "Log in again: aws sso login\nThen: lmi deploy --local   (goes on)",
    "Log in again: aws sso login\nThen: lmi deploy --local --memory 4096   (goes on)",
  ],
])("%s becomes %s", (next, said) => {
  expect(again(next, { name: "deploy", words: " --memory 4096" })).toBe(said);
});

test.each([
  ["lmi diff, then: lmi deploy", "lmi diff --memory 4096, then: lmi deploy --memory 4096"],
  [
    "Raise the cap to at least 64:  lmi deploy --local --max-vcpu 64",
    "Raise the cap to at least 64:  lmi deploy --local --memory 4096 --max-vcpu 64",
  ],
  ["lmi deploy --memory 8192   (or load less)", "lmi deploy --memory 8192   (or load less)"],
  ["lmi deploy --attach   (waits for it)", "lmi deploy --attach   (waits for it)"],
  ["aws … && lmi deploy --env 'a b'", "aws … && lmi deploy --env 'a b' --memory 4096"],
  ["lmi status", "lmi status"],
])("%s means the settings of the command that failed: %s", async (next, said) => {
  expect(withSettings(next, await given("--memory 4096 --probe {} --yes"))).toBe(said);
});

test("the function that a push names is named to others by its flag", async () => {
  const running = await given("one --timeout 20", "push");
  expect(withSettings("lmi diff, then: lmi deploy", running)).toBe(
    "lmi diff --timeout 20 --function one, then: lmi deploy --timeout 20 --function one",
  );
  expect((await given("one", "push")).settings).toEqual([]);
});

test("flags for one function are not given to another one", async () => {
  const running = await given("--memory 4096 --function one");
  const other = "lmi deploy --timeout 260 --function two";
  expect(withSettings(other, running)).toBe(other);
  expect(withSettings("lmi deploy --timeout 260 --function one", running)).toBe(
    "lmi deploy --memory 4096 --timeout 260 --function one",
  );
});

test("an interruption advises the command with its arguments, any other failure with its settings", () => {
  const inner = new RecordingReporter();
  const settings = [{ flag: "--memory", words: "--memory 4096" }];
  const running = { name: "deploy", words: " --memory 4096 --no-probe", settings };
  const reporter = placedReporter(
    inner,
    () => ({ local: true, env: undefined }),
    () => running,
  );
  for (const code of ["LMI_INTERRUPTED", "LMI_CREDENTIALS_EXPIRED", "LMI_AWS_ERROR"] as const)
    reporter.failure(new LmiError(code, "m", { next: "lmi deploy" }));
  expect(inner.failures).toMatchObject([
    { next: "lmi deploy --local --memory 4096 --no-probe" },
    { next: "lmi deploy --local --memory 4096 --no-probe" },
    { next: "lmi deploy --local --memory 4096" },
  ]);
});
