import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Aws } from "../../../../src/aws/ports.ts";
import { readRegion } from "../../../../src/cli/commands/list/read-region.ts";
import { type Pulse, readRegions } from "../../../../src/cli/commands/list/regions.ts";
import { tablePrices } from "../../../../src/synth/cost/prices.ts";
import { providerState } from "../../../deploy/fake-aws.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));

/** A region with so many providers, of which the last ones are never answered for. */
function region(count: number, answers: number) {
  const asked: string[] = [];
  const providers = Array.from({ length: count }, (_, index) => ({
    ...providerState("Active"),
    name: `cp-${index}`,
    arn: `arn:cp-${index}`,
  }));
  const aws: Aws = recordingAws({
    inventory: {
      capacityProviders: async () => providers,
      stacks: async () => [],
      instances: async () => new Map(),
      providerTags: async (arn) => {
        asked.push(arn);
        if (asked.length > answers) await new Promise(() => {});
        return {};
      },
    },
    versions: {
      ofCapacityProvider: async () => {
        if (asked.length > answers) await new Promise(() => {});
        return [];
      },
    },
  });
  const read = async (_region: string, { answered, signal }: Pulse) =>
    readRegion(
      { aws, now: () => new Date(), sleep, signal, onEvent: () => {}, environment: {} },
      tablePrices,
      answered,
    );
  return { asked, read };
}

test("a region that takes long for its many providers is read to its end", async () => {
  const { read } = region(300, 300);
  const reading = readRegions(["us-east-1"], read);
  await vi.advanceTimersByTimeAsync(40_000);
  const { regions, failures } = await reading;
  expect(failures).toEqual([]);
  expect(regions[0]?.providers).toHaveLength(300);
  expect(regions[0]?.missing).toEqual([]);
});

test("of one that falls silent what it told is shown, with what is missing, and it is asked no more", async () => {
  const { read, asked } = region(500, 100);
  const reading = readRegions(["us-east-1"], read);
  await vi.advanceTimersByTimeAsync(40_000);
  const { regions, failures } = await reading;
  expect(failures).toEqual([]);
  expect(regions[0]?.providers).toHaveLength(100);
  expect(regions[0]?.missing).toMatchObject([
    { part: "400 capacity providers", message: "us-east-1 did not answer within 20 seconds." },
  ]);
  const sofar = asked.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(sofar);
});

test("one that answers nothing at all is a failure", async () => {
  const aws = recordingAws({
    inventory: { capacityProviders: () => new Promise(() => {}), stacks: async () => [] },
  });
  const reading = readRegions(["us-east-1"], (_region, { answered, signal }) =>
    readRegion(
      { aws, now: () => new Date(), sleep, signal, onEvent: () => {}, environment: {} },
      tablePrices,
      answered,
    ),
  );
  await vi.advanceTimersByTimeAsync(25_000);
  expect(await reading).toMatchObject({
    regions: [],
    failures: [{ region: "us-east-1", code: "LMI_ENDPOINT_UNREACHABLE" }],
  });
});
