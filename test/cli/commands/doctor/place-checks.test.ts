import { describe, expect, test } from "vitest";

import type { Aws, InterfaceEndpoint, PortRule, SubnetEgress } from "../../../../src/aws/ports.ts";
import { addressesCheck } from "../../../../src/cli/commands/doctor/checks/addresses.ts";
import { egressCheck } from "../../../../src/cli/commands/doctor/checks/egress.ts";
import { instanceTypesCheck } from "../../../../src/cli/commands/doctor/checks/instance-types.ts";
import {
  providerQuotaCheck,
  versionQuotaCheck,
} from "../../../../src/cli/commands/doctor/checks/lambda-quotas.ts";
import { recordingAws, stackOf } from "../../../helpers/recording-aws.ts";
import { verdictOf } from "./doctor-fixture.ts";
import { projectWith } from "./project-with.ts";

const subnetOf = (fields: Partial<SubnetEgress> = {}): SubnetEgress => ({
  subnetId: "subnet-1",
  vpcId: "vpc-1",
  availabilityZone: "us-east-1a",
  cidr: "10.0.0.0/24",
  freeAddresses: 200,
  publicAddresses: false,
  route: undefined,
  routeBroken: undefined,
  ...fields,
});

const placeOf = (...subnets: readonly SubnetEgress[]) => ({
  place: async () => ({ subnets, missing: [] as string[], securityGroupIds: ["sg-own"] }),
});

const arn = "arn:aws:lambda:us-east-1:123456789012:capacity-provider:cp";
const deployed = async () => ({ stack: stackOf(), providers: [] });
const nowhere = async () => undefined;
const withProvider = async () => ({ stack: stackOf(), providers: [{ arn, properties: {} }] });
const missingPlace = async () => ({ subnets: [], missing: ["subnet-9"], securityGroupIds: [] });

const offered = (zones: Readonly<Record<string, readonly string[]>>): Partial<Aws> => ({
  zones: {
    names: async () => ["us-east-1a", "us-east-1b"],
    offered: async () => new Map(Object.entries(zones)),
  },
});

const providers = (count: number): Partial<Aws> => ({
  quotas: { ...recordingAws().quotas, capacityProviders: async () => count },
});

const version = (index: number) => ({
  functionArn: `${arn}:${index}`,
  functionName: "fn",
  version: String(index),
  state: "Active",
});

describe("addresses", () => {
  test.each([
    ["room", [40, 60], nowhere, "ok"],
    ["one of two is full", [1, 60], nowhere, "warning"],
    ["all are full", [1, 0], nowhere, "failure"],
    ["its own instances may be what takes them", [1, 0], deployed, "warning"],
  ])("%s", async (_name, free, isDeployed, status) => {
    const subnets = free.map((freeAddresses) => subnetOf({ freeAddresses }));
    const given = { ...placeOf(...subnets), deployed: isDeployed };
    expect(await verdictOf(addressesCheck, given)).toMatchObject({ status });
  });

  test("a subnet that is not there, and a new VPC", async () => {
    expect(await verdictOf(addressesCheck, { place: missingPlace })).toMatchObject({
      status: "failure",
      evidence: "subnet-9 does not exist in us-east-1",
    });
    const project = await projectWith({});
    expect(await verdictOf(addressesCheck, { place: nowhere, project })).toMatchObject({
      status: "ok",
      evidence: expect.stringContaining("10.0.0.0/16") as string,
    });
  });
});

const endpointOf = (fields: Partial<InterfaceEndpoint> = {}): InterfaceEndpoint => ({
  endpointId: "vpce-1",
  vpcId: "vpc-1",
  serviceName: "com.amazonaws.us-east-1.logs",
  state: "available",
  privateDns: true,
  securityGroupIds: ["sg-endpoint"],
  ...fields,
});

function egressAws(
  endpoints: readonly InterfaceEndpoint[],
  inward: Partial<PortRule> = {},
  outward: readonly string[] = ["0.0.0.0/0"],
  others: readonly string[] = [],
): Partial<Aws> {
  return {
    egress: {
      ...recordingAws().egress,
      endpoints: async () => endpoints,
      https: async (_ids, direction) =>
        direction === "out"
          ? [{ groupId: "sg-own", ranges: outward, groups: [], others }]
          : [{ groupId: "sg-endpoint", ranges: [], groups: [], others: [], ...inward }],
    },
  };
}

describe("egress", () => {
  test("to a prefix list alone may be enough: not known", async () => {
    const verdict = await verdictOf(egressCheck, {
      ...placeOf(subnetOf({ route: "nat-1" })),
      aws: egressAws([], {}, [], ["pl-1"]),
    });
    expect(verdict.status).toBe("warning");
    expect(verdict.evidence).toContain("to pl-1 alone: not known");
  });

  test.each([
    ["a NAT gateway", { route: "nat-1" }, "ok", "default route to nat-1"],
    ["a transit gateway", { route: "tgw-1" }, "ok", "default route to tgw-1"],
    [
      "a NAT gateway that is gone",
      { route: "nat-1", routeBroken: "nat-1 is gone" },
      "failure",
      "nat-1 is gone",
    ],
    ["an internet gateway", { route: "igw-1" }, "failure", "MapPublicIpOnLaunch"],
    [
      "with public addresses",
      { route: "igw-1", publicAddresses: true },
      "ok",
      "igw-1, with public",
    ],
    ["nothing", {}, "failure", "no default route"],
  ])("%s", async (_name, fields, status, evidence) => {
    const verdict = await verdictOf(egressCheck, {
      ...placeOf(subnetOf(fields)),
      aws: egressAws([]),
    });
    expect(verdict.status).toBe(status);
    expect(verdict.evidence).toContain(evidence);
  });

  test.each([
    ["by security group", endpointOf(), { groups: ["sg-own"] }, "ok"],
    ["by range", endpointOf(), { ranges: ["10.0.0.0/16"] }, "ok"],
    ["by another range", endpointOf(), { ranges: ["10.1.0.0/16"] }, "failure"],
    ["by a prefix list", endpointOf(), { others: ["pl-1"] }, "warning"],
    ["without private DNS", endpointOf({ privateDns: false }), { groups: ["sg-own"] }, "failure"],
    ["that is pending", endpointOf({ state: "pending" }), { groups: ["sg-own"] }, "failure"],
    ["of another VPC", endpointOf({ vpcId: "vpc-2" }), { groups: ["sg-own"] }, "failure"],
    ["of another service", endpointOf({ serviceName: "x" }), { groups: ["sg-own"] }, "failure"],
  ])("an endpoint %s", async (_name, endpoint, inward, status) => {
    const given = { ...placeOf(subnetOf()), aws: egressAws([endpoint], inward) };
    expect(await verdictOf(egressCheck, given)).toMatchObject({ status });
  });

  test("security groups that let nothing out close every way", async () => {
    const given = { ...placeOf(subnetOf({ route: "nat-1" })), aws: egressAws([], {}, []) };
    expect(await verdictOf(egressCheck, given)).toMatchObject({
      status: "failure",
      evidence: expect.stringContaining("sg-own let no HTTPS out") as string,
      mend: expect.stringMatching(/^aws ec2 .*--group-id sg-own .* --region \S+$/) as string,
    });
  });

  test.each([
    ["nat", "ok"],
    ["none", "warning"],
  ])("a new VPC with egress %s", async (egress, status) => {
    const project = await projectWith({ network: { egress } });
    expect(await verdictOf(egressCheck, { place: nowhere, project })).toMatchObject({ status });
  });
});

describe("instance types", () => {
  test.each([
    [{ "us-east-1a": ["m7i.large"], "us-east-1b": ["m7i.large"] }, "ok"],
    [{ "us-east-1a": ["m7i.large"] }, "warning"],
    [{ "us-east-1c": ["m7i.large"] }, "failure"],
  ])("%o", async (zones, status) => {
    const capacity = { instanceTypes: { allow: ["m7i.large", "m7i.xlarge"] } };
    const project = await projectWith({ capacity, network: { azs: 2 } });
    const given = { place: async () => undefined, project, aws: offered(zones) };
    expect(await verdictOf(instanceTypesCheck, given)).toMatchObject({ status });
  });
});

describe("quotas of Lambda", () => {
  test.each([
    [12, "ok"],
    [990, "warning"],
    [1000, "failure"],
  ])("%d providers", async (count, status) => {
    const project = await projectWith({});
    const given = { aws: providers(count), project, deployed: async () => undefined };
    expect(await verdictOf(providerQuotaCheck, given)).toMatchObject({ status });
  });

  test.each([
    [3, "ok"],
    [81, "warning"],
    [100, "failure"],
  ])("%d versions", async (count, status) => {
    const versions = {
      ...recordingAws().versions,
      ofCapacityProvider: async () => [
        // It names the provider, and is no version.
        { ...version(0), version: "$LATEST" },
        ...Array.from({ length: count }, (_, index) => version(index)),
      ],
    };
    const verdict = await verdictOf(versionQuotaCheck, {
      aws: { versions },
      deployed: withProvider,
    });
    expect(verdict).toMatchObject({
      status,
      evidence: expect.stringContaining(`${count} of 100`) as string,
    });
  });
});
