import { expect, test } from "vitest";

import { raceShape } from "../../../../src/cli/commands/race/race-shape.ts";
import { settingsOf } from "../../../synth/reference-settings.ts";

function shapeOf(own: Readonly<Record<string, unknown>>) {
  const settings = settingsOf({ name: "hello", functions: { api: own } });
  const given = { function: undefined, repeat: undefined, only: undefined, ignore: [] };
  const { concurrency, workers } = raceShape(given, { settings, samples: 2, seed: 1 });
  return { concurrency, workers };
}

// AWS has 8 workers for each vCPU, here there are 8 at most: what leads to a finding is how many meet in one.
test.each([
  ["one vCPU", {}, { concurrency: 64, workers: 8 }],
  ["few at once, which may still meet", { concurrency: 8 }, { concurrency: 8, workers: 1 }],
  [
    "four vCPUs with 32 workers",
    { memory: 8192, concurrency: 256 },
    { concurrency: 64, workers: 8 },
  ],
  [
    "one worker",
    { environment: { AWS_LAMBDA_NODEJS_WORKER_COUNT: "1" } },
    { concurrency: 64, workers: 1 },
  ],
])("%s: a worker takes as many at once as on AWS", (_, own, expected) => {
  expect(shapeOf(own)).toEqual(expected);
});
