import { describe, expect, test } from "vitest";

import { type BenchOptions, runBench } from "../../../../src/cli/commands/bench.ts";
import type { BenchResult } from "../../../../src/cli/commands/bench/render.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";
import { deployedProject } from "../../../helpers/deployed-stack.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { benchDefaults } from "./bench-fixture.ts";

const options: BenchOptions = {
  ...sharedDefaults(),
  ...benchDefaults,
  local: true,
  url: true,
  rps: "20",
  duration: "300ms",
  warmUp: "100ms",
  arrivals: "even",
};

async function bench(url: object | undefined, given: Partial<BenchOptions> = {}) {
  const hello = { entry: "src/handler.ts", ...(url ? { url } : {}) };
  const { deps } = await deployedProject({ settings: { functions: { hello } } });
  const reporter = new RecordingReporter();
  const error: unknown = await runBench({ ...options, ...given }, { ...deps(), reporter }).catch(
    (thrown: unknown) => thrown,
  );
  return { error, result: reporter.results.at(-1) as BenchResult | undefined };
}

describe("--url", () => {
  test.each(["none", "iam"])("asks a URL with auth %s", async (auth) => {
    const { error, result } = await bench({ auth }, { url: "/orders?n=1" });
    expect(error).toBeUndefined();
    expect(result?.place.url).toMatch(
      /^http:\/\/\w+\.lambda-url\.us-east-1\.localhost:\d+\/orders$/,
    );
    expect(result?.steps[0]).toMatchObject({ requests: 6, errors: {}, throttled: {} });
    expect(result?.steps[0]?.latency?.p50).toBeGreaterThan(0);
  });

  test("of a function that has none is told, with how it gets one", async () => {
    const { error } = await bench(undefined);
    expect(error).toMatchObject({ code: "LMI_FUNCTION_NO_URL", exitCode: 2 });
  });

  test.each([
    "orders",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "https://elsewhere.example/",
  ])("%s is no path", async (url) => {
    expect((await bench({ auth: "none" }, { url })).error).toMatchObject({ code: "LMI_USAGE" });
  });
});
