import * as fc from "fast-check";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { account, id, REGION, tags } from "./values.ts";
import type { VpcLookup } from "../../../src/cli/lookups/lookup-file.ts";

type NetworkInput = NonNullable<SettingsInput["network"]>;

export interface RandomNetwork {
  readonly network: NetworkInput;
  /** What lmi.lookups.json holds, where settings need it. */
  readonly lookups: readonly VpcLookup[];
}

const zones = fc.integer({ min: 1, max: 3 });
const egress = fc.constantFrom("nat" as const, "endpoints", "public", "none");
const natGateways = fc.constantFrom("one" as const, "each");

/** Private ranges of /16 to /24 that begin at their first address. */
const ranges = fc
  .record({
    prefix: fc.integer({ min: 16, max: 24 }),
    base: fc.constantFrom([10, 0, 256], [172, 16, 16], [192, 168, 1]),
    second: fc.nat(255),
    third: fc.nat(255),
  })
  .map(({ prefix, base: [first = 0, from = 0, count = 1], second, third }) => {
    const block = 2 ** (24 - prefix);
    return `${first}.${from + (second % count)}.${Math.floor(third / block) * block}.0/${prefix}`;
  });

const endpoints = fc.uniqueArray(
  fc.constantFrom("dynamodb", "s3", "sqs", "secretsmanager", "kms", "logs", "ssm", "sts", "events"),
  { maxLength: 4 },
);

const newVpcs: fc.Arbitrary<NetworkInput> = fc
  .record(
    {
      cidr: ranges,
      azs: zones,
      egress,
      natGateways,
      ipv6: fc.boolean(),
      endpoints,
      defaultVpc: fc.constant(false),
    },
    { requiredKeys: [] },
  )
  .map((network) => (network.egress === "none" ? { ...network, ipv6: false } : network));

const securityGroups = fc.uniqueArray(id("sg"), { minLength: 1, maxLength: 5 });

const givenSubnets: fc.Arbitrary<NetworkInput> = fc.record(
  {
    vpcId: id("vpc"),
    subnetIds: fc.uniqueArray(id("subnet"), { minLength: 1, maxLength: 16 }),
    securityGroupIds: securityGroups,
  },
  { requiredKeys: ["vpcId", "subnetIds"] },
);

const selectors = fc.oneof(
  id("vpc").map((vpcId) => ({ setting: { vpcId }, selector: { vpcId } })),
  tags(3)
    .filter((all) => Object.keys(all).length > 0)
    .map((all) => ({ setting: { vpcTags: all }, selector: { tags: all } })),
  fc.constant({ setting: { defaultVpc: true }, selector: { isDefault: true as const } }),
);

const lookedUp: fc.Arbitrary<RandomNetwork> = fc
  .record({
    chosen: selectors,
    vpcId: id("vpc"),
    azs: zones,
    egress,
    subnets: fc.uniqueArray(id("subnet"), { minLength: 6, maxLength: 6 }),
    groups: fc.option(securityGroups, { nil: undefined }),
  })
  .map(({ chosen: { setting, selector }, vpcId, azs, egress: kind, subnets, groups }) => ({
    network: {
      ...setting,
      azs,
      egress: kind,
      ...(groups ? { securityGroupIds: groups } : {}),
    },
    lookups: [
      {
        selector,
        account,
        region: REGION,
        vpcId: "vpcId" in selector ? selector.vpcId : vpcId,
        // In each of three zones one with a way out for every kind of egress.
        subnets: subnets.map((subnetId, index) => ({
          subnetId,
          availabilityZone: `${REGION}${"abc"[index % 3]}`,
          route: kind === "public" ? "internet" : kind === "nat" ? "nat" : "none",
          freeAddresses: 8 + index,
        })),
      },
    ],
  }));
/** A new VPC of any kind, or one that exists: with given subnets, or looked up in one of three ways. */
export const networks: fc.Arbitrary<RandomNetwork> = fc.oneof(
  { weight: 5, arbitrary: newVpcs.map((network) => ({ network, lookups: [] })) },
  { weight: 2, arbitrary: givenSubnets.map((network) => ({ network, lookups: [] })) },
  { weight: 3, arbitrary: lookedUp },
);
