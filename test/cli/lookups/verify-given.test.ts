import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Networks } from "../../../src/aws/ports.ts";
import { loadSettings } from "../../../src/cli/config/load-settings.ts";
import { lookUpNetwork } from "../../../src/cli/lookups/look-up-network.ts";
import { type GivenLookup, writeGiven } from "../../../src/cli/lookups/lookup-file.ts";
import { rememberedIssues } from "../../../src/cli/lookups/remember-given.ts";
import { warnOfOverlap } from "../../../src/cli/lookups/warn-of-overlap.ts";
import { LmiError } from "../../../src/errors.ts";
import { recordingAws } from "../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { settingsOf } from "../../synth/reference-settings.ts";
import { projectFolder } from "../config/project-folder.ts";

const [own, other] = ["vpc-11111111", "vpc-22222222"];
const [a, b, c] = ["subnet-aaaaaaaa", "subnet-bbbbbbbb", "subnet-cccccccc"];
const gone = "subnet-dddddddd";
const place = (subnetId: string, zone: string, vpcId = own, freeAddresses = 100) => ({
  subnetId,
  vpcId,
  availabilityZone: `us-east-1${zone}`,
  freeAddresses,
});

const warningsOf = ({ said }: RecordingReporter) =>
  said.filter((line) => line.startsWith("warn ")).map((line) => line.slice("warn ".length));

const denied = async () => {
  throw new LmiError("LMI_ACCESS_DENIED", "no");
};

async function project(network: object, networks: Partial<Networks>, isDeployed = false) {
  const cwd = await projectFolder({ "lmi.json": { region: "us-east-1", network } });
  const loaded = await loadSettings({ cwd, env: {} });
  const reporter = new RecordingReporter();
  const aws = recordingAws({
    networks: {
      ranges: async (ids = []) => ids.map((vpcId) => ({ vpcId, ranges: [] })),
      ...networks,
    },
    stacks: { find: async () => (isDeployed ? ({} as never) : undefined) },
  });
  return {
    warnings: () => warningsOf(reporter),
    remember: (given: readonly GivenLookup[]) => writeGiven(cwd, given),
    lookUp: () => lookUpNetwork(loaded, async () => aws, reporter),
    offline: async () =>
      (await rememberedIssues(loaded.settings, cwd)).map(
        (issue) => `${issue.path.join(".")} ${issue.code}`,
      ),
    written: async () =>
      JSON.parse(await readFile(path.join(cwd, "lmi.lookups.json"), "utf8")) as {
        given: GivenLookup[];
      },
  };
}

const faulty = {
  subnets: async () => [place(a, "a"), place(b, "b", other), place(c, "c", own, 1)],
  securityGroups: async () => [{ groupId: "sg-22222222", vpcId: other }],
};

describe("ids that settings give", () => {
  it("are told with all their faults at once", async () => {
    const shop = await project(
      {
        vpcId: own,
        subnetIds: [a, b, gone, c],
        securityGroupIds: ["sg-22222222", "sg-33333333"],
      },
      { ...faulty, ranges: async () => [] },
    );
    await expect(shop.lookUp()).rejects.toMatchObject({
      code: "LMI_NETWORK_INVALID",
      exitCode: 2,
      message: expect.stringContaining("6 problems in account 123456789012, region us-east-1"),
      why: expect.stringContaining(
        `network.subnetIds[1]  ${b}\n    is a subnet of ${other}, while network.vpcId is ${own}`,
      ),
      details: {
        problems: [
          { path: "network.vpcId", code: "vpc-missing" },
          { path: "network.subnetIds[1]", code: "subnet-other-vpc", value: b },
          { path: "network.subnetIds[2]", code: "subnet-missing", value: gone },
          { path: "network.subnetIds[3]", code: "subnet-full", value: c },
          { path: "network.securityGroupIds[0]", code: "security-group-other-vpc" },
          { path: "network.securityGroupIds[1]", code: "security-group-missing" },
        ],
      },
    });
  });

  it("are remembered where they are, so that they are checked offline", async () => {
    const places = [place(a, "a"), place(b, "b")];
    const shop = await project(
      { vpcId: own, subnetIds: [a, b], securityGroupIds: ["sg-11111111"] },
      {
        subnets: async () => places,
        securityGroups: async () => [{ groupId: "sg-11111111", vpcId: own }],
      },
    );
    expect(await shop.offline()).toEqual([]);
    await shop.lookUp();
    expect(shop.warnings()).toEqual([]);
    expect((await shop.written()).given).toEqual([
      {
        account: "123456789012",
        region: "us-east-1",
        subnets: places.map(({ subnetId, vpcId, availabilityZone }) => ({
          subnetId,
          vpcId,
          availabilityZone,
        })),
        securityGroups: [{ groupId: "sg-11111111", vpcId: own }],
      },
    ]);
    const given = (await shop.written()).given;
    expect(await shop.offline()).toEqual([]);
    const moved = await project({ vpcId: other, subnetIds: [a, b, gone] }, {});
    expect(await moved.offline()).toEqual([]);
    await moved.remember(given);
    expect(await moved.offline()).toEqual([
      "network.subnetIds[0] subnet-other-vpc",
      "network.subnetIds[1] subnet-other-vpc",
    ]);
  });

  it("warn where two subnets are in one zone, or one is full and another of its zone has room", async () => {
    const shop = await project(
      { vpcId: own, subnetIds: [a, b] },
      { subnets: async () => [place(a, "a"), place(b, "a", own, 0)] },
    );
    await shop.lookUp();
    expect(shop.warnings()).toEqual([
      `network.subnetIds[1] is in us-east-1a as ${a} is: it spreads instances over no more zones`,
      "network.subnetIds[1] has no free address, of 2 that an instance and its replacement take",
    ]);
  });

  it("may be full where the stack's own instances may have filled them", async () => {
    const full = { subnets: async () => [place(a, "a", own, 1)] };
    const fresh = await project({ vpcId: own, subnetIds: [a] }, full);
    await expect(fresh.lookUp()).rejects.toMatchObject({ code: "LMI_NETWORK_INVALID" });
    const deployed = await project({ vpcId: own, subnetIds: [a] }, full, true);
    await deployed.lookUp();
    expect(deployed.warnings()).toHaveLength(1);
  });

  it("are left to AWS, with a warning, where the caller may not look", async () => {
    const shop = await project(
      { vpcId: own, subnetIds: [a], securityGroupIds: ["sg-22222222"] },
      { subnets: denied, securityGroups: denied, ranges: denied },
    );
    await shop.lookUp();
    expect(shop.warnings().toSorted()).toEqual([
      "network.securityGroupIds was not checked: the caller lacks the permission ec2:DescribeSecurityGroups",
      "network.subnetIds was not checked: the caller lacks the permission ec2:DescribeSubnets",
      "network.vpcId was not checked: the caller lacks the permission ec2:DescribeVpcs",
    ]);
  });
});

const warned = async (ranges: Networks["ranges"], cidr = "10.1.0.0/16") => {
  const reporter = new RecordingReporter();
  const aws = recordingAws({ networks: { ranges } });
  await warnOfOverlap(settingsOf({ network: { cidr } }), { kind: "absent" }, aws, reporter);
  return reporter.said;
};

describe("a new VPC", () => {
  it("warns of others that have its addresses, and stops for no trouble with looking", async () => {
    const vpcs = async () => [
      { vpcId: own, ranges: ["10.2.0.0/16", "10.0.0.0/8"] },
      { vpcId: other, ranges: ["10.1.255.0/24"] },
    ];
    expect(await warned(vpcs)).toEqual([
      `warn network.cidr 10.1.0.0/16 overlaps with ${own} (10.0.0.0/8), ${other} (10.1.255.0/24): VPCs that overlap cannot be peered`,
    ]);
    expect(await warned(vpcs, "192.168.0.0/16")).toEqual([]);
    // Nobody chose the default, and any second stack has it, too.
    expect(await warned(vpcs, "10.0.0.0/16")).toEqual([
      expect.stringMatching(/^detail network\.cidr 10\.0\.0\.0\/16 overlaps/),
    ]);
    expect(await warned(denied)).toEqual([
      "detail network.cidr was not compared with other VPCs: the caller lacks the permission ec2:DescribeVpcs",
    ]);
  });
});
