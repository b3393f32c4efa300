import { expect, test } from "vitest";

import { EnvironmentMeter } from "../../../../src/cli/commands/bench/environment-use.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";

const subject = {
  functionName: "hello",
  providerName: "cp",
  memory: 2048,
  memoryPerVCpu: 2,
  concurrency: 16,
  minEnvironments: 3,
  maxEnvironments: undefined,
  timeout: 3,
} as const;

/** Each look finds one more sample, of twice as much. */
function meterOf(local: boolean) {
  let looks = 0;
  const read = async (queries: readonly { readonly statistic: string }[]) => {
    looks += 1;
    return queries.map(({ statistic }) => [
      { time: new Date(0), value: statistic === "Sum" ? 2 ** looks : looks },
    ]);
  };
  const aws = recordingAws({ target: { local }, metrics: { read } });
  return new EnvironmentMeter(aws, subject, new Date(0));
}

test("a step of the local target is told by what came between two looks", async () => {
  const meter = meterOf(true);
  const [before, after] = [await meter.look(new Date(0)), await meter.look(new Date(0))];
  expect(meter.between(before, after)).toEqual({ environments: 2, cpu: 2, memory: 2 });
});

test("on AWS nothing is told of a step, since what comes then is of minutes before", async () => {
  const meter = meterOf(false);
  const [before, after] = [await meter.look(new Date(0)), await meter.look(new Date(0))];
  expect(meter.between(before, after)).toBeUndefined();
});
