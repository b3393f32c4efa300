import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { VpcDescription } from "../../../src/aws/ports.ts";
import { loadSettings } from "../../../src/cli/config/load-settings.ts";
import { chooseSubnets } from "../../../src/cli/lookups/choose-subnets.ts";
import { addLookup, readLookups } from "../../../src/cli/lookups/lookup-file.ts";
import { lookUpNetwork, rememberedNetwork } from "../../../src/cli/lookups/look-up-network.ts";
import { recordingAws } from "../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { projectFolder } from "../config/project-folder.ts";

const subnet = (zone: string, route: "nat" | "internet" | "none", freeAddresses = 100) => ({
  subnetId: `subnet-${zone}-${route}-${freeAddresses}`,
  availabilityZone: `us-east-1${zone}`,
  route,
  freeAddresses,
});
const vpc: VpcDescription = {
  vpcId: "vpc-11111111",
  subnets: [
    subnet("a", "internet"),
    subnet("b", "nat"),
    subnet("a", "nat", 20),
    subnet("a", "nat", 200),
    subnet("c", "none"),
  ],
};

async function project(network: object, region = "us-east-1") {
  const cwd = await projectFolder({ "lmi.json": { region, network } });
  const loaded = await loadSettings({ cwd, env: {} });
  const asked: unknown[] = [];
  const connect = (found: readonly VpcDescription[], meanwhile?: () => Promise<void>) => async () =>
    recordingAws({
      networks: {
        find: async (selector) => {
          asked.push(selector);
          await meanwhile?.();
          return found;
        },
      },
    });
  const reporter = new RecordingReporter();
  return {
    cwd,
    loaded,
    asked,
    lookUp: (...found: VpcDescription[]) => lookUpNetwork(loaded, connect(found), reporter),
    lookUpWhile: (meanwhile: () => Promise<void>, ...found: VpcDescription[]) =>
      lookUpNetwork(loaded, connect(found, meanwhile), reporter),
    remembered: () => rememberedNetwork(loaded),
  };
}

describe("the subnets of a VPC that exists", () => {
  it("are one for each zone, by what leads out, the roomiest first", () => {
    const chosen = (egress: "nat" | "public" | "endpoints" | "none", azs: number) =>
      chooseSubnets(vpc, { egress, azs }).map(({ subnetId }) => subnetId);
    expect(chosen("nat", 3)).toEqual(["subnet-a-nat-200", "subnet-b-nat-100"]);
    expect(chosen("nat", 1)).toEqual(["subnet-a-nat-200"]);
    expect(chosen("public", 2)).toEqual(["subnet-a-internet-100"]);
    expect(chosen("endpoints", 2)).toEqual(["subnet-c-none-100"]);
    const full = [subnet("a", "nat", 1), subnet("a", "internet", 2), subnet("b", "nat", 2)];
    expect(chooseSubnets({ ...vpc, subnets: full }, { egress: "nat", azs: 3 })).toEqual([full[2]]);
    expect(chooseSubnets({ ...vpc, subnets: [] }, { egress: "nat", azs: 1 })).toEqual([]);
  });
});

describe("looking a VPC up", () => {
  it("asks once, writes it down, and works offline from then on", async () => {
    const shop = await project({ vpcTags: { team: "shop", env: "dev" }, azs: 2 });
    await expect(shop.remembered()).rejects.toMatchObject({ code: "LMI_LOOKUP_NEEDED" });
    const { settings } = await shop.lookUp(vpc);
    expect(settings.network).toMatchObject({
      vpcId: "vpc-11111111",
      subnetIds: ["subnet-a-nat-200", "subnet-b-nat-100"],
    });
    expect(shop.asked).toEqual([{ tags: { team: "shop", env: "dev" } }]);
    const written = await readFile(path.join(shop.cwd, "lmi.lookups.json"), "utf8");
    expect(JSON.parse(written)).toMatchObject({
      vpcs: [{ account: "123456789012", region: "us-east-1", vpcId: "vpc-11111111" }],
    });
    expect((await shop.remembered()).settings).toEqual(settings);
    expect((await shop.lookUp()).settings).toEqual(settings);
    expect(shop.asked).toHaveLength(1);
  });

  it("asks nobody where a new VPC is made, and offline not for given ids either", async () => {
    const shop = await project({});
    expect(await shop.lookUp()).toBe(shop.loaded);
    const given = await project({ vpcId: "vpc-12345678", subnetIds: ["subnet-12345678"] });
    for (const one of [shop, given]) {
      expect(await one.remembered()).toBe(one.loaded);
      expect(one.asked).toEqual([]);
    }
  });

  it("says when there is none, more than one, or no subnet that fits", async () => {
    const shop = await project({ defaultVpc: true, egress: "public" });
    await expect(shop.lookUp()).rejects.toMatchObject({
      code: "LMI_VPC_NOT_FOUND",
      message: expect.stringContaining("default VPC does not exist in account 123456789012"),
    });
    await expect(shop.lookUp(vpc, vpc)).rejects.toMatchObject({ code: "LMI_VPC_AMBIGUOUS" });
    const closed = { ...vpc, subnets: [subnet("a", "nat")] };
    await expect(shop.lookUp(closed)).rejects.toMatchObject({
      code: "LMI_SUBNETS_UNSUITABLE",
      why: "It has: subnet-a-nat-100 (private, with a way out).",
    });
    const full = { ...vpc, subnets: [subnet("a", "internet", 1)] };
    const other = await project({ defaultVpc: true, egress: "public" });
    await expect(other.lookUp(full)).rejects.toMatchObject({
      code: "LMI_SUBNETS_UNSUITABLE",
      why: "It has: subnet-a-internet-1 (public, only 1 free addresses).",
    });
  });

  it("keeps what another command has written meanwhile, and leaves no other file", async () => {
    const shop = await project({ defaultVpc: true });
    const region = "eu-west-1";
    const meanwhile = { selector: { vpcId: "vpc-2" }, account: "123456789012", region, ...vpc };
    await shop.lookUpWhile(() => addLookup(shop.cwd, meanwhile), vpc);
    expect((await readLookups(shop.cwd)).map((one) => one.selector)).toEqual([
      { vpcId: "vpc-2" },
      { isDefault: true },
    ]);
    await addLookup(shop.cwd, { ...meanwhile, subnets: [] });
    expect((await readLookups(shop.cwd)).map(({ subnets }) => subnets.length)).toEqual([5, 0]);
    expect(await readdir(shop.cwd)).toEqual(["lmi.json", "lmi.lookups.json"]);
  });

  it("leaves what is there where it cannot be replaced", async () => {
    const shop = await project({ defaultVpc: true });
    await mkdir(path.join(shop.cwd, "lmi.lookups.json"));
    await expect(shop.lookUp(vpc)).rejects.toMatchObject({ code: "LMI_LOOKUPS_UNREADABLE" });
    expect(await readdir(shop.cwd)).toEqual(["lmi.json", "lmi.lookups.json"]);
  });

  it.each([
    ["<<<<<<< HEAD", "is not valid JSON"],
    ["null", "expected object"],
    ['{"vpcs":{}}', "vpcs: Invalid input: expected array"],
    ['{"vpcs":[{"selector":{"id":1},"account":"1"}]}', "vpcs.0.selector: must be a vpcId, tags,"],
    ['{"vpcs":[{"account":"1"}]}', "vpcs.0.account: must be an account's 12 digits"],
    ['{"vpcs":[],"given":[{"subnets":[null]}]}', "given.0.subnets.0: Invalid input"],
  ])("does not take a file that it cannot read for an empty one: %s", async (text, why) => {
    const cwd = await projectFolder({
      "lmi.json": { network: { defaultVpc: true } },
      "lmi.lookups.json": text,
    });
    const loaded = await loadSettings({ cwd, env: {} });
    await expect(rememberedNetwork(loaded)).rejects.toMatchObject({
      code: "LMI_LOOKUPS_UNREADABLE",
      why: expect.stringContaining(why),
    });
  });
});
