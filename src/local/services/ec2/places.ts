import type {
  AvailabilityZone,
  DescribeAvailabilityZonesRequest,
  DescribeRegionsRequest,
} from "@aws-sdk/client-ec2";

import type { CallContext, Operation } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { select } from "./describe.ts";
import { own } from "../../own.ts";

/** Commercial Regions that are on for every account, and those that an account has to opt in to (EC2 user guide, "Regions"). */
const regions: Readonly<Record<string, "opt-in-not-required" | "opted-in">> = {
  "af-south-1": "opted-in",
  "ap-east-1": "opted-in",
  "ap-northeast-1": "opt-in-not-required",
  "ap-northeast-2": "opt-in-not-required",
  "ap-northeast-3": "opt-in-not-required",
  "ap-south-1": "opt-in-not-required",
  "ap-south-2": "opted-in",
  "ap-southeast-1": "opt-in-not-required",
  "ap-southeast-2": "opt-in-not-required",
  "ap-southeast-3": "opted-in",
  "ap-southeast-4": "opted-in",
  "ap-southeast-5": "opted-in",
  "ca-central-1": "opt-in-not-required",
  "ca-west-1": "opted-in",
  "eu-central-1": "opt-in-not-required",
  "eu-central-2": "opted-in",
  "eu-north-1": "opt-in-not-required",
  "eu-south-1": "opted-in",
  "eu-south-2": "opted-in",
  "eu-west-1": "opt-in-not-required",
  "eu-west-2": "opt-in-not-required",
  "eu-west-3": "opt-in-not-required",
  "il-central-1": "opted-in",
  "me-central-1": "opted-in",
  "me-south-1": "opted-in",
  "mx-central-1": "opted-in",
  "sa-east-1": "opt-in-not-required",
  "us-east-1": "opt-in-not-required",
  "us-east-2": "opt-in-not-required",
  "us-west-1": "opt-in-not-required",
  "us-west-2": "opt-in-not-required",
};

/** Zones where they are not a, b and c. us-west-1 has two for a new account; three here, as everywhere else. */
const zoneLetters: Readonly<Record<string, string>> = {
  "us-east-1": "abcdef",
  "us-west-2": "abcd",
  "ap-northeast-1": "acd",
};

const directions: Readonly<Record<string, string>> = {
  north: "n",
  south: "s",
  east: "e",
  west: "w",
  central: "c",
  northeast: "ne",
  southeast: "se",
  northwest: "nw",
  southwest: "sw",
};

export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** The zones of a region; ids as in `use1-az1`. Which id a name has differs between accounts on AWS. */
export function zonesOf(region: string): readonly Zone[] {
  const [area = region, direction = "", number = "1"] = region.split("-");
  const prefix = `${area}${own(directions, direction) ?? direction.slice(0, 1)}${number}`;
  return Array.from(own(zoneLetters, region) ?? "abc", (letter, index) => ({
    name: `${region}${letter}`,
    id: `${prefix}-az${index + 1}`,
  }));
}

function zoneShape(region: string, zone: Zone): AvailabilityZone {
  return {
    ZoneName: zone.name,
    ZoneId: zone.id,
    RegionName: region,
    State: "available",
    ZoneType: "availability-zone",
    OptInStatus: "opt-in-not-required",
    GroupName: `${region}-zg-1`,
    NetworkBorderGroup: region,
    Messages: [],
  };
}

function describeZones(input: DescribeAvailabilityZonesRequest, { region }: CallContext) {
  const all = zonesOf(region).map((zone) => zoneShape(region, zone));
  const known = new Set(all.flatMap((zone) => [zone.ZoneName, zone.ZoneId]));
  const asked = [...(input.ZoneNames ?? []), ...(input.ZoneIds ?? [])];
  const unknown = asked.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new ServiceError("InvalidParameterValue", `Invalid availability zone: [${unknown}]`);
  }
  const wanted = all.filter(
    (zone) =>
      asked.length === 0 ||
      asked.includes(zone.ZoneName ?? "") ||
      asked.includes(zone.ZoneId ?? ""),
  );
  const { items } = select(
    wanted,
    { Filters: input.Filters },
    {
      idOf: (zone) => zone.ZoneName ?? "",
      tagsOf: () => undefined,
      readers: {
        "zone-name": (zone) => zone.ZoneName,
        "zone-id": (zone) => zone.ZoneId,
        "zone-type": (zone) => zone.ZoneType,
        "region-name": (zone) => zone.RegionName,
        "group-name": (zone) => zone.GroupName,
        "opt-in-status": (zone) => zone.OptInStatus,
        state: (zone) => zone.State,
      },
    },
  );
  return { AvailabilityZones: items };
}

function describeRegions(input: DescribeRegionsRequest) {
  const all = Object.entries(regions).map(([RegionName, OptInStatus]) => ({
    RegionName,
    OptInStatus,
    Endpoint: `ec2.${RegionName}.amazonaws.com`,
  }));
  const unknown = (input.RegionNames ?? []).find((name) => !Object.hasOwn(regions, name));
  if (unknown !== undefined)
    throw new ServiceError("InvalidParameterValue", `Invalid region name: [${unknown}]`);
  const names = input.RegionNames ?? [];
  const { items } = select(
    all.filter((region) => names.length === 0 || names.includes(region.RegionName)),
    { Filters: input.Filters },
    {
      idOf: (region) => region.RegionName,
      tagsOf: () => undefined,
      readers: {
        "region-name": (region) => region.RegionName,
        "opt-in-status": (region) => region.OptInStatus,
        endpoint: (region) => region.Endpoint,
      },
    },
  );
  return { Regions: items };
}

/** An account's defaults, as for an account without a default VPC. */
const accountAttributes: Readonly<Record<string, readonly string[]>> = {
  "supported-platforms": ["VPC"],
  "default-vpc": ["none"],
  "max-instances": ["20"],
  "vpc-max-security-groups-per-interface": ["5"],
  "max-elastic-ips": ["5"],
  "vpc-max-elastic-ips": ["5"],
};

export const placeOperations: Record<string, Operation> = {
  DescribeAvailabilityZones: async (input: DescribeAvailabilityZonesRequest, context) =>
    describeZones(input, context),
  DescribeRegions: async (input: DescribeRegionsRequest) => describeRegions(input),
  async DescribeAccountAttributes(input: { readonly AttributeNames?: readonly string[] }) {
    const names = input.AttributeNames?.length
      ? input.AttributeNames
      : Object.keys(accountAttributes);
    for (const name of names) {
      if (!Object.hasOwn(accountAttributes, name))
        throw new ServiceError("InvalidParameterValue", `Invalid attribute name '${name}'`);
    }
    return {
      AccountAttributes: names.map((AttributeName) => ({
        AttributeName,
        AttributeValues: (own(accountAttributes, AttributeName) ?? []).map((AttributeValue) => ({
          AttributeValue,
        })),
      })),
    };
  },
};
