import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { productOf } from "../../../src/aws/price-lists.ts";
import { currentPrices } from "../../../src/cli/prices/current-prices.ts";
import { keptPrices } from "../../../src/cli/prices/kept-prices.ts";
import { priceListOf, priceQueries } from "../../../src/cli/prices/price-list-of.ts";
import type { PriceSource } from "../../../src/cli/prices/price-source.ts";
import { ExitCode, LmiError } from "../../../src/errors.ts";
import { tablePrices } from "../../../src/synth/cost/prices.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { irishProducts, type PriceDocument } from "../../helpers/price-list-server.ts";
import { recordingAws } from "../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { settingsOf } from "../../synth/reference-settings.ts";

const region = "eu-west-1";
const withKeys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" };
const day = 24 * 60 * 60_000;

/** A region in which nothing else is sold. */
const read = (documents: readonly PriceDocument[]) =>
  documents
    .filter(({ product }) => product.attributes["regionCode"] === region)
    .filter(({ product }) => product.attributes["tenancy"] !== "Dedicated")
    .flatMap((each) => productOf(JSON.stringify(each)));

/** A machine and an account, asked for prices as often as a test likes. */
async function desk(env: Readonly<Record<string, string>> = withKeys) {
  const home = await temporaryFolder({});
  const answer: { failure?: Error; questions: number } = { questions: 0 };
  const system = recordingSystem({ env, home });
  const aws = recordingAws({
    target: { region },
    priceLists: {
      products: async () => {
        answer.questions += 1;
        if (answer.failure) throw answer.failure;
        return read(irishProducts());
      },
    },
  });
  const deps = { system, reporter: new RecordingReporter(), aws: async () => aws };
  const ask = (source: PriceSource, input: SettingsInput = {}, local = false) =>
    currentPrices(
      source,
      { region: undefined, profile: undefined, local },
      { settings: settingsOf(input), projectDir: home },
      deps,
    );
  return { home, system, answer, ask };
}

describe("a price list", () => {
  test("is what the region pays for, and for nothing that sounds alike", () => {
    const list = priceListOf(read(irishProducts()), region, "2026-11-25");
    expect(list).toMatchObject({
      source: "aws",
      region,
      date: "2026-11-25",
      natGatewayHour: 0.048,
      natGigabyte: 0.048,
      interfaceEndpointHour: 0.011,
      endpointGigabyte: 0.01,
      publicAddressHour: 0.005,
      volumeGigabyteMonth: 0.088,
      logGigabyte: 0.57,
      gigabyteSecond: { x86_64: 0.0000166667, arm64: 0.0000133334 },
      sqsPollerUnitHour: 0.0103,
      // Not sold there under its group: lmi's own.
      kafkaPollerUnitHour: 0.185,
    });
    expect(list.millionRequests).toBeCloseTo(0.2, 9);
    expect(list.instanceTypes).toEqual([
      { name: "c6i.32xlarge", architecture: "x86_64", vCpus: 128, memoryGiB: 256, hourly: 5.8368 },
      { name: "c6i.xlarge", architecture: "x86_64", vCpus: 4, memoryGiB: 8, hourly: 0.1824 },
      { name: "c7a.xlarge", architecture: "x86_64", vCpus: 4, memoryGiB: 8, hourly: 0.2196 },
      { name: "m7g.large", architecture: "arm64", vCpus: 2, memoryGiB: 8, hourly: 0.0911 },
      { name: "r7i.24xlarge", architecture: "x86_64", vCpus: 96, memoryGiB: 768, hourly: 7.108 },
    ]);
  });

  test("names what is missing, and what is told twice", () => {
    const products = read(irishProducts());
    const without = products.filter(({ family }) => family !== "NAT Gateway");
    expect(() => priceListOf(without, region, "")).toThrow("no price of NatGateway-Hours");
    const dearer = products.map((each) => ({
      ...each,
      onDemand: each.onDemand.map((step) => ({ ...step, dollars: step.dollars * 2 })),
    }));
    expect(() => priceListOf([...products, ...dearer], region, "")).toThrow("several prices of");
    expect(() => priceListOf([], region, "")).toThrow("no price of an instance type");
  });

  test("is asked for family by family, of running Linux on shared machines", () => {
    expect(priceQueries(region, ["c7a"])[0]).toEqual({
      service: "AmazonEC2",
      equal: {
        regionCode: region,
        productFamily: "Compute Instance",
        operatingSystem: "Linux",
        tenancy: "Shared",
        preInstalledSw: "NA",
        capacitystatus: "Used",
      },
      containing: { instanceType: "c7a." },
    });
  });
});

const refused = (exitCode: number, why: string): unknown =>
  expect.objectContaining({ code: "LMI_PRICES_UNAVAILABLE", exitCode, why });

describe("prices to reckon with", () => {
  test("are asked for once a week", async () => {
    const { ask, answer, system } = await desk();
    expect((await ask("auto")).prices.source).toBe("aws");
    await system.sleep(6 * day);
    expect((await ask("auto")).prices).toMatchObject({ natGatewayHour: 0.048, date: "2026-11-23" });
    expect(answer.questions).toBe(1);
    await system.sleep(2 * day);
    expect((await ask("auto")).prices.date).toBe("2026-12-01");
    expect(answer.questions).toBe(2);
    await ask("aws");
    expect(answer.questions).toBe(3);
  });

  test("are asked for again where settings allow types that were not asked for", async () => {
    const { ask, answer } = await desk();
    await ask("auto");
    const input = { capacity: { instanceTypes: { allow: ["c7a.xlarge"] } } };
    await ask("auto", input);
    await ask("auto", input);
    expect(answer.questions).toBe(2);
  });

  test("are those of the table without credentials, and nobody is asked", async () => {
    const { ask, answer } = await desk({});
    expect(await ask("auto")).toEqual({ prices: tablePrices });
    expect(answer.questions).toBe(0);
    expect((await ask("aws")).prices.source).toBe("aws");
  });

  test.each([
    ["credentials", "[default]\naws_access_key_id = A\n"],
    ["config", "[default]\nsso_session = corp\n"],
  ])("are asked for where ~/.aws/%s gives credentials", async (name, text) => {
    const { ask, answer, home } = await desk({});
    await mkdir(join(home, ".aws"));
    await writeFile(join(home, ".aws", name), text);
    await ask("auto");
    expect(answer.questions).toBe(1);
  });

  test.each<[PriceSource, boolean]>([
    ["table", false],
    ["auto", true],
  ])("are those of the table with --prices %s, local %s", async (source, local) => {
    const { ask, answer, home } = await desk();
    expect(await ask(source, {}, local)).toEqual({ prices: tablePrices });
    expect(answer.questions).toBe(0);
    expect(existsSync(join(home, ".cache"))).toBe(false);
  });

  test("are those of the table where AWS gives none, and for an hour it is not asked again", async () => {
    const { ask, answer, system } = await desk();
    answer.failure = new LmiError("LMI_OFFLINE", "AWS cannot be reached.");
    const first = await ask("auto");
    expect(first.prices).toBe(tablePrices);
    expect(first.note).toBe(
      "AWS's current prices are not to be had: AWS cannot be reached. The table in lmi is used; --prices aws asks again.",
    );
    expect(await ask("auto")).toEqual(first);
    expect(answer.questions).toBe(1);
    delete answer.failure;
    expect((await ask("aws")).prices.source).toBe("aws");
    answer.failure = new TypeError("it has no price");
    await system.sleep(8 * day);
    expect((await ask("auto")).note).toContain("not to be had: it has no price. The table");
    await system.sleep(day / 23);
    await ask("auto");
    expect(answer.questions).toBe(4);
  });

  test("are AWS's alone for who asks for them: others are no answer", async () => {
    const { ask, answer } = await desk();
    await expect(ask("aws", {}, true)).rejects.toEqual(
      refused(ExitCode.usage, "The local target has no prices."),
    );
    answer.failure = new TypeError("it has no price of NatGateway-Hours");
    await expect(ask("aws")).rejects.toEqual(
      refused(ExitCode.failure, "it has no price of NatGateway-Hours."),
    );
    const exitCode = ExitCode.credentials;
    answer.failure = new LmiError("LMI_ACCESS_DENIED", "AWS does not allow this.", { exitCode });
    await expect(ask("aws")).rejects.toEqual(refused(exitCode, "AWS does not allow this."));
    delete answer.failure;
    await ask("aws");
    answer.failure = new TypeError("offline");
    // AWS's of this week are AWS's, too.
    expect(await ask("aws")).toMatchObject({
      prices: { source: "aws" },
      note: expect.stringContaining("Those of 2026-11-23 are used"),
    });
  });

  test("are those of before where a question fails, and stay as old as they are", async () => {
    const { ask, answer, system } = await desk();
    await ask("auto");
    await system.sleep(4 * day);
    answer.failure = new TypeError("offline");
    const other = { capacity: { instanceTypes: { allow: ["x2idn.xlarge"] } } };
    const failed = await ask("auto", other);
    expect(failed.prices).toMatchObject({ source: "aws", date: "2026-11-23" });
    expect(failed.note).toContain("offline. Those of 2026-11-23 are used");
    expect(await ask("auto", other)).toEqual(failed);
    expect(await ask("auto")).toEqual({ prices: failed.prices });
    expect(keptPrices(region, system)).toEqual(failed.prices);
    expect(answer.questions).toBe(2);
    await system.sleep(4 * day);
    expect(keptPrices(region, system)).toBe(tablePrices);
  });

  test("are asked for again where only this caller was refused", async () => {
    const { ask, answer } = await desk();
    const exitCode = ExitCode.credentials;
    answer.failure = new LmiError("LMI_ACCESS_DENIED", "AWS does not allow this.", { exitCode });
    expect((await ask("auto")).note).toContain("does not allow this.");
    delete answer.failure;
    expect((await ask("auto")).prices.source).toBe("aws");
    expect(answer.questions).toBe(2);
  });

  test("hold the families of one project beside those of another", async () => {
    const { ask, answer } = await desk();
    const inputs = ["x2idn", "z1d", "x2idn", "z1d"].map((family) => ({
      capacity: { instanceTypes: { allow: [`${family}.xlarge`] } },
    }));
    for (const input of inputs) await ask("auto", input);
    expect(answer.questions).toBe(2);
  });

  test("are kept for commands that ask nobody, while they are fresh and whole", async () => {
    const { ask, system, home } = await desk();
    expect(keptPrices(region, system)).toBe(tablePrices);
    await ask("auto");
    expect(keptPrices(region, system).natGatewayHour).toBe(0.048);
    expect(keptPrices("eu-west-2", system)).toBe(tablePrices);
    expect(keptPrices(undefined, system)).toBe(tablePrices);
    const elsewhere = { ...system, env: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" } };
    expect(keptPrices(region, elsewhere)).toBe(tablePrices);
    const file = join(home, ".cache/lmi/prices/eu-west-1.json");
    const at = system.now().getTime();
    for (const damaged of [
      "{",
      '{"failure":{}}',
      `{"known":{"at":${at},"families":[],"prices":{}}}`,
    ]) {
      await writeFile(file, damaged);
      expect(keptPrices(region, system)).toBe(tablePrices);
    }
    await ask("auto");
    await system.sleep(8 * day);
    expect(keptPrices(region, system)).toBe(tablePrices);
  });
});
