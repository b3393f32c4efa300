import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { type CostOptions, runCost } from "../../../src/cli/commands/cost.ts";
import type { CostReport } from "../../../src/cli/commands/cost/report.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";
import { recordingAws } from "../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const options: CostOptions = {
  ...sharedDefaults(),
  settings: {},
  rps: undefined,
  duration: "100",
  payload: "1",
  internet: "0",
  logs: "0.5",
  volume: undefined,
  prices: "table",
  plot: undefined,
};

async function cost(given: Partial<CostOptions>, settings: object = {}) {
  const cwd = await temporaryFolder({ "lmi.json": JSON.stringify({ name: "hello", ...settings }) });
  const reporter = new RecordingReporter();
  const error = await runCost(
    { ...options, ...given },
    { system: recordingSystem({ cwd, home: cwd }), reporter, aws: async () => recordingAws() },
  ).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const [report] = reporter.results as CostReport[];
  return { cwd, error, report, text: reporter.rendered.join("") };
}

test("tells the minimum, the cap, types and break-even without being asked for a load", async () => {
  const { report, text } = await cost({});
  expect(report?.load).toBeUndefined();
  expect(report?.hourly).toBeCloseTo((report?.minimum ?? 0) / 730, 6);
  expect(text).toMatch(/^together +0\.245 +179\.22$/m);
  expect(text).toContain("At the cap of 30 vCPUs: at most $1,160/month, 1.59 $/hour");
  expect(text).toMatch(/^Managed instances are cheaper from ≈ \d+ requests\/s on\.$/m);
});

test("tells what a load costs, of the function that is named", async () => {
  const settings = { functions: { api: {}, jobs: { concurrency: 1 } } };
  const { report, text } = await cost(
    { rps: "40", duration: "500", settings: { function: "jobs" } },
    settings,
  );
  // 40 × 0.5 s × 1.5, one request in each environment
  expect(report?.load).toMatchObject({ functionKey: "jobs", environments: 30 });
  expect(text).toContain("30 execution environments");
});

test("plots it, as a picture or a page", async () => {
  const svg = await cost({ plot: "out/cost.svg" });
  const picture = await readFile(join(svg.cwd, "out/cost.svg"), "utf8");
  expect(picture).toMatch(/^<svg [^>]+>/);
  expect(picture.match(/<polyline /g)).toHaveLength(2);
  const html = await cost({ plot: "cost.html" }, { functions: { api: {} } });
  const page = await readFile(join(html.cwd, "cost.html"), "utf8");
  expect(page).toContain("<title>api: requests of 100 ms</title>");
  expect(page).toContain("together");
  // Words of a mark at the right edge stand before it.
  expect(page).toMatch(/text-anchor="end">limits: [\d,]+\/s</);
  expect((await cost({ plot: "cost.pdf" })).error).toMatchObject({ code: "LMI_USAGE" });
});

test.each([
  [{ rps: "many" }, "--rps many"],
  [{ rps: "0" }, "--rps 0"],
  [{ duration: "-5" }, "--duration -5"],
  [{ logs: "" }, "--logs "],
])("refuses %j", async (given, words) => {
  expect((await cost(given)).error).toMatchObject({
    code: "LMI_USAGE",
    exitCode: 2,
    message: expect.stringContaining(words),
  });
});
