import { endpointsOf, servicesOf } from "./endpoints.ts";
import { existingVpc } from "./existing-vpc.ts";
import { endpointServices } from "./known-names.ts";
import { nearest } from "./nearest.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { NetworkSettings, Settings } from "./settings.ts";
import { type Ipv4Range, parseIpv4Range } from "./subnet-ranges.ts";

export function networkRules(settings: Settings): RuleIssue[] {
  const { network } = settings;
  return existingVpc(network)
    ? existingVpcRules(network)
    : [
        ...givenIdsRule(network),
        ...cidrRule(network),
        ...egressRule(network),
        ...natRule(network),
        ...ipv6Rule(network),
        ...missingEndpointRules(settings),
        ...unknownEndpointRules(network),
      ];
}

function issue(
  key: string,
  value: unknown,
  code: string,
  message: string,
  more: Partial<RuleIssue> = {},
): RuleIssue {
  return { path: ["network", key], value, code, message, severity: "error", ...more };
}

function existingVpcRules({ vpcId, vpcTags, defaultVpc, subnetIds }: NetworkSettings): RuleIssue[] {
  const ways = { vpcId, vpcTags, defaultVpc: defaultVpc || undefined };
  const [first, ...others] = Object.entries(ways).filter(([, value]) => value !== undefined);
  const involves = Object.keys(ways).map((key) => ["network", key]);
  const several = others.map(([key, value]) =>
    issue(key, value, "vpc-ambiguous", `says which VPC once more: network.${first?.[0]} does`, {
      involves,
    }),
  );
  if (subnetIds === undefined || vpcId !== undefined) return several;
  const message = "needs network.vpcId: subnets are of one VPC, and it has to be known which";
  return [...several, issue("subnetIds", subnetIds, "vpc-unknown", message, { involves })];
}

function unknownEndpointRules({ endpoints }: NetworkSettings): RuleIssue[] {
  return endpoints
    .filter((name) => !endpointServices.includes(name))
    .map((name) => {
      const meant = nearest(name, endpointServices);
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      const message = `is no service that is known to have VPC endpoints${hint}`;
      return issue("endpoints", name, "endpoint-unknown", message, { severity: "warning" });
    });
}

/** Ids without a VPC. */
function givenIdsRule({ subnetIds, securityGroupIds }: NetworkSettings): RuleIssue[] {
  return Object.entries({ subnetIds, securityGroupIds })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) =>
      issue(key, value, "vpc-unknown", "goes with a VPC that exists: network.vpcId is missing", {
        involves: [["network", "vpcId"]],
      }),
    );
}

function cidrRule({ cidr }: NetworkSettings): RuleIssue[] {
  const range = parseIpv4Range(cidr);
  // AWS allows a VPC of /16 to /28; a sixteenth of it must still be a subnet, at least /28.
  if (range && range.prefix >= 16 && range.prefix <= 24)
    return isPrivate(range) ? [] : [publicRange(cidr)];
  const message =
    "must be an IPv4 range from /16 to /24 that begins at its first address, such as 10.0.0.0/16";
  return [issue("cidr", cidr, "cidr-invalid", message)];
}

/** Ranges that are nobody's in the internet (RFC 1918, RFC 6598; Amazon VPC user guide, vpc-cidr-blocks). */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].flatMap(
  (text) => parseIpv4Range(text) ?? [],
);

function isPrivate({ address, prefix }: Ipv4Range): boolean {
  return privateRanges.some(
    (own) =>
      prefix >= own.prefix &&
      Math.floor(address / 2 ** (32 - own.prefix)) === own.address / 2 ** (32 - own.prefix),
  );
}

function publicRange(cidr: string): RuleIssue {
  const message = "is no private range: functions cannot reach the internet's addresses in it";
  return issue("cidr", cidr, "cidr-public", message, { severity: "warning" });
}

function egressRule({ egress, endpoints }: NetworkSettings): RuleIssue[] {
  if (egress !== "none" || endpoints.includes("logs")) return [];
  const message =
    "leaves no way to CloudWatch Logs: functions run and answer, but nobody sees their logs";
  return [issue("egress", egress, "egress-none", message, { severity: "warning" })];
}

function natRule({ egress, natGateways, azs }: NetworkSettings): RuleIssue[] {
  if (natGateways === "one" || (egress === "nat" && azs > 1)) return [];
  const message =
    egress === "nat"
      ? "makes no difference in one zone"
      : `makes no difference: network.egress is ${egress}`;
  return [
    issue("natGateways", natGateways, "nat-gateways-unused", message, {
      severity: "warning",
      involves: [
        ["network", "egress"],
        ["network", "azs"],
      ],
    }),
  ];
}

function ipv6Rule({ ipv6, egress }: NetworkSettings): RuleIssue[] {
  if (!ipv6) return [];
  const involves = [["network", "egress"]];
  if (egress === "none") {
    const message = "contradicts network.egress none: IPv6 comes with a way out";
    return [issue("ipv6", ipv6, "ipv6-no-egress", message, { involves })];
  }
  if (egress !== "endpoints") return [];
  const message =
    "opens the internet over IPv6, while network.egress endpoints alone would leave AWS's services only";
  return [issue("ipv6", ipv6, "ipv6-opens", message, { severity: "warning", involves })];
}

/** Where endpoints are the only way out, what a function may call and cannot reach. */
function missingEndpointRules(settings: Settings): RuleIssue[] {
  const { network, functions } = settings;
  if (network.egress !== "endpoints" && network.egress !== "none") return [];
  const there = new Set(endpointsOf(settings).map(({ name }) => name));
  return Object.entries(functions).flatMap(([key, own]) =>
    servicesOf(own)
      .filter((name) => !there.has(name))
      .map((name) =>
        issue(
          "endpoints",
          network.endpoints,
          "endpoint-missing",
          `has no ${name}, which the policies of ${key} allow it to call and nothing else leads to`,
          { severity: "warning", involves: [["functions", key, "policies"]] },
        ),
      ),
  );
}
