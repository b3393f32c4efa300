import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { placedReporter } from "../../src/cli/output/placed-reporter.ts";
import { forSameStack } from "../../src/cli/same-stack.ts";
import { LmiError } from "../../src/errors.ts";
import { RecordingReporter } from "../helpers/recording-reporter.ts";
import { recordingSystem } from "../helpers/recording-system.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const place = {
  local: true,
  env: "prod",
  region: "eu-west-1",
  profile: "my work",
  config: "shop/lmi.json",
};
const flags = "--local --env prod --region eu-west-1 --profile 'my work' --config shop/lmi.json";

test.each([
  ["Deploy it: lmi deploy", `Deploy it: lmi deploy ${flags}`],
  ["lmi destroy && lmi deploy   (anew)", `lmi destroy ${flags} && lmi deploy ${flags}   (anew)`],
  ["until `lmi resume`: nothing", `until \`lmi resume ${flags}\`: nothing`],
  // What it says itself stands; said twice it is the same.
  [
    "lmi deploy --env <name>, then lmi destroy",
    `lmi deploy ${flags.replace(" --env prod", "")} --env <name>, then lmi destroy ${flags}`,
  ],
  [`lmi logs ${flags} hello -f`, `lmi logs ${flags} hello -f`],
  [
    "lmi list --all-regions",
    "lmi list --local --profile 'my work' --config shop/lmi.json --all-regions",
  ],
  ["See: lmi deploy --help", "See: lmi deploy --help"],
  ["lmi explain LMI_BUG, lmi local up", "lmi explain LMI_BUG, lmi local up"],
])("%s stays at the stack of the running command", (text, said) => {
  expect(forSameStack(text, place)).toBe(said);
  expect(forSameStack(said, place)).toBe(said);
});

test("without any of the flags nothing is said in addition", () => {
  const here = { local: false, env: undefined, region: undefined };
  expect(forSameStack("lmi deploy", here)).toBe("lmi deploy");
});

test("every sentence and failure is about the same stack; bytes and data are as they were", async () => {
  const inner = new RecordingReporter();
  const reporter = placedReporter(inner, () => ({ local: false, env: "prod" }));
  reporter.info("lmi a: lmi deploy");
  reporter.warn("lmi versions --prune");
  reporter.standing("lmi status");
  await reporter.step("network", async (step) => step.progress("lmi logs"));
  reporter.result({ next: "lmi resume" }, ({ next }) => next);
  reporter.raw("lmi deploy");
  reporter.failure(
    new LmiError("LMI_BUG", "m", { why: "lmi diff", next: "lmi push", exitCode: 3 }),
  );
  expect(inner.said).toEqual([
    "info lmi a: lmi deploy --env prod",
    "warn lmi versions --env prod --prune",
    "standing lmi status --env prod",
    "step network",
    "progress network: lmi logs --env prod",
  ]);
  expect(inner).toMatchObject({
    results: [{ next: "lmi resume" }],
    rendered: ["lmi resume --env prod"],
    stdout: "lmi deploy",
    failures: [{ why: "lmi diff --env prod", next: "lmi push --env prod", exitCode: 3 }],
  });
});

test("the command line gives its own flags to what it advises", async () => {
  const system = recordingSystem({ cwd: await temporaryFolder(), env: { LMI_ENV: "test" } });
  const argv = ["--region", "eu-west-1", "status", "--interval", "1s", "--profile", "work"];
  expect(await main(argv, system)).toBe(2);
  expect(system.written.stderr).toContain(
    "lmi status --env test --region eu-west-1 --profile work --watch --interval 1s\n",
  );
});
