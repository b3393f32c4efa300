import { expect, test } from "vitest";

import {
  dayCosts,
  noted,
  withInstancesLeft,
} from "../../../../src/cli/commands/pause/day-costs.ts";
import { dailyCost } from "../../../../src/cli/commands/status/daily-cost.ts";
import { tablePrices } from "../../../../src/synth/cost/prices.ts";
import { fakeAccount } from "../../../deploy/fake-aws.ts";
import { recordingDeps } from "../../../deploy/recording-deps.ts";
import { templateOf } from "../../../synth/template.ts";

const instance = (instanceType: string) => ({
  instanceId: "i-1",
  instanceType,
  availabilityZone: undefined,
  state: "running",
  launchTime: undefined,
});

test("a pause names the cost of what runs, as status does, also by the price of a similar type", async () => {
  const template = JSON.stringify(await templateOf());
  const { system } = recordingDeps({ account: fakeAccount(), cwd: "/nowhere", answer: "yes" });
  const costs = (types: readonly string[]) =>
    dayCosts(template, types.map(instance), "us-east-1", system);
  const similar = await costs(["m9gd.xlarge"]);
  const { perDay } = dailyCost([instance("m9gd.xlarge")], undefined, tablePrices);
  expect(similar?.instancesPerDay).toBeCloseTo(perDay, 2);
  expect(similar && noted(similar)).toEqual(["(by a similar type: m9gd.xlarge)"]);
  const unknown = await costs(["x9.large"]);
  expect(unknown).toMatchObject({
    instancesPerDay: 0,
    notes: ["without x9.large, whose price is not known"],
  });
  // Nothing is billed yet: then it is the minimum.
  expect((await costs([]))?.instancesPerDay).toBeGreaterThan(0);
  if (similar === undefined) return;
  expect(withInstancesLeft(similar, similar, [instance("m9gd.xlarge")]).stays[0]).toEqual({
    label: "1 × m9gd.xlarge (by a similar type: m9gd.xlarge)",
    perDay: similar.instancesPerDay,
  });
});
