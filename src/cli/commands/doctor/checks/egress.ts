import { awsCommand } from "../../../../aws/aws-command.ts";
import type { AwsTarget } from "../../../../aws/target.ts";
import type { InterfaceEndpoint, PortRule, SubnetEgress } from "../../../../aws/ports.ts";
import { parseIpv4Range } from "../../../../synth/subnet-ranges.ts";
import type { NetworkSettings } from "../../../../synth/settings.ts";
import {
  type Check,
  failure,
  ok,
  type Patient,
  type Place,
  together,
  type Verdict,
  warning,
} from "../check.ts";

/**
 * A way for logs out of each subnet: without one the function answers, and nothing it writes is ever seen (Lambda
 * developer guide, "Lambda Managed Instances networking" and "troubleshooting").
 */
export const egressCheck: Check = {
  name: "egress",
  ofProject: true,
  permission:
    "ec2:DescribeRouteTables, DescribeNatGateways, DescribeVpcEndpoints and DescribeSecurityGroups",
  run,
};

async function run(patient: Patient): Promise<Verdict> {
  const place = await patient.place();
  const { network } = patient.project?.settings ?? {};
  if (place === undefined) return planned(network?.egress);
  const ways = await waysOut(place, patient);
  const verdicts = place.subnets.map((subnet) => judge(subnet, ways, network?.egress));
  return verdicts.length > 0
    ? together(verdicts)
    : failure("none of the subnets exists", "Name subnets that exist in network.subnetIds");
}

/** Of a VPC that a deploy has yet to make. */
function planned(egress: NetworkSettings["egress"] | undefined): Verdict {
  if (egress !== "none")
    return ok(`a new VPC, with its way out (network.egress ${egress ?? "nat"})`);
  return warning(
    "a new VPC without a way out (network.egress none): no logs and no traces",
    "lmi deploy --egress endpoints   (or nat, public)",
  );
}

interface WaysOut {
  /** Endpoints for CloudWatch Logs, each with what is wrong with it for a subnet. */
  readonly endpoints: readonly InterfaceEndpoint[];
  readonly endpointRules: readonly PortRule[];
  readonly own: readonly PortRule[];
  readonly securityGroupIds: readonly string[];
  readonly target: AwsTarget;
}

async function waysOut(place: Place, { aws }: Patient): Promise<WaysOut> {
  const { securityGroupIds } = place;
  const vpcIds = [...new Set(place.subnets.map(({ vpcId }) => vpcId))];
  const all = await aws.egress.endpoints(vpcIds);
  const endpoints = all.filter(
    ({ serviceName }) => serviceName === `com.amazonaws.${aws.target.region}.logs`,
  );
  const groups = [...new Set(endpoints.flatMap((each) => each.securityGroupIds))];
  const [endpointRules, own] = await Promise.all([
    aws.egress.https(groups, "in"),
    aws.egress.https(securityGroupIds, "out"),
  ]);
  return { endpoints, endpointRules, own, securityGroupIds, target: aws.target };
}

function judge(
  subnet: SubnetEgress,
  ways: WaysOut,
  egress: NetworkSettings["egress"] | undefined,
): Verdict {
  const name = `${subnet.subnetId} (${subnet.availabilityZone})`;
  const unknown = ways.own.flatMap(({ others }) => others);
  if (!letsOut(ways) && unknown.length > 0)
    return warning(
      `${name}: the instances' security groups let HTTPS out to ${unknown.join(", ")} alone: not known whether CloudWatch Logs is among that`,
      "See that it is, or let TCP 443 out to 0.0.0.0/0 or to the endpoint's security group",
    );
  if (!letsOut(ways))
    return failure(
      `${name}: the instances' security groups ${ways.securityGroupIds.join(", ")} let no HTTPS out`,
      awsCommand(
        ways.target,
        `ec2 authorize-security-group-egress --group-id ${ways.securityGroupIds[0] ?? ""} --protocol tcp --port 443 --cidr 0.0.0.0/0`,
      ),
    );
  const tries = ways.endpoints
    .filter(({ vpcId }) => vpcId === subnet.vpcId)
    .map((endpoint) => ({ endpoint, wrong: wrongWith(endpoint, subnet, ways) }));
  const working = tries.find(({ wrong }) => wrong === undefined);
  if (working) return ok(`${name}: endpoint for logs ${working.endpoint.endpointId}`);
  const way = wayOf(subnet);
  if (way !== undefined) return ok(`${name}: ${way}`);
  const maybe = tries.find(({ wrong }) => wrong?.includes(notKnown));
  if (maybe) return warning(`${name}: ${maybe.wrong}`, mendOf(tries.length));
  const reasons = [whyNot(subnet), ...tries.map(({ wrong }) => wrong ?? "")];
  const seen = `${name}: no way out for logs: ${reasons.join("; ")}`;
  return egress === "none"
    ? warning(seen, mendOf(tries.length))
    : failure(seen, mendOf(tries.length));
}

const mendOf = (endpoints: number) =>
  endpoints > 0
    ? "Mend the endpoint: private DNS on, and its security group open on 443 for the instances"
    : "Route 0.0.0.0/0 to a NAT gateway, or add an interface endpoint for logs with private DNS";

function letsOut({ own, securityGroupIds }: WaysOut): boolean {
  if (securityGroupIds.length === 0) return true;
  return own.some(({ ranges, groups }) => ranges.length > 0 || groups.length > 0);
}

function wayOf({ route, routeBroken, publicAddresses }: SubnetEgress): string | undefined {
  if (route === undefined || routeBroken !== undefined) return undefined;
  if (!route.startsWith("igw-")) return `default route to ${route}`;
  return publicAddresses ? `default route to ${route}, with public addresses` : undefined;
}

function whyNot({ route, routeBroken }: SubnetEgress): string {
  if (routeBroken !== undefined) return routeBroken;
  if (route === undefined) return "it has no default route for IPv4";
  return `its route to ${route} needs public addresses, and it gives none (MapPublicIpOnLaunch)`;
}

function wrongWith(
  { endpointId, state, privateDns, securityGroupIds }: InterfaceEndpoint,
  subnet: SubnetEgress,
  { endpointRules, securityGroupIds: own }: WaysOut,
): string | undefined {
  if (state !== "available") return `${endpointId} is ${state}`;
  if (!privateDns) return `${endpointId} has no private DNS, so that nothing finds it`;
  const rules = endpointRules.filter(({ groupId }) => securityGroupIds.includes(groupId));
  const admits = rules.some(
    ({ ranges, groups }) =>
      groups.some((group) => own.includes(group)) ||
      ranges.some((range) => contains(range, subnet.cidr)),
  );
  if (admits) return undefined;
  const others = rules.flatMap((rule) => rule.others);
  return others.length > 0
    ? `${endpointId} admits ${others.join(", ")} on port 443: ${notKnown}`
    : `${endpointId} does not admit the instances on port 443`;
}

const notKnown = "not known whether the instances are among that";

function contains(range: string, cidr: string): boolean {
  const [outer, inner] = [parseIpv4Range(range), parseIpv4Range(cidr)];
  if (!outer || !inner || outer.prefix > inner.prefix) return false;
  const size = 2 ** (32 - outer.prefix);
  return Math.floor(inner.address / size) === Math.floor(outer.address / size);
}
