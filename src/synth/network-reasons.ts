import type { RuleReason } from "./rule-catalogue.ts";

const providers = "AWS Lambda developer guide, lambda-managed-instances-capacity-providers";
const elsewhere = "It may be of another account or region, be mistyped, or have been deleted.";

/** Of ranges, and of what is known only by looking at AWS. */
export const networkReasons: Readonly<Record<string, RuleReason>> = {
  "cidr-invalid": {
    why: "A VPC takes /16 to /28, and a sixteenth of it must still be a subnet.",
    source: "Amazon VPC user guide, vpc-cidr-blocks",
    mend: "Take a private range such as 10.0.0.0/16.",
  },
  "cidr-public": {
    why: "Addresses of the VPC's own range stay inside it, so whoever has them in the internet is not reached.",
    source: "Amazon VPC user guide, vpc-cidr-blocks",
    mend: "Take a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
  },
  "vpc-unknown": {
    why: "Subnets and security groups belong to one VPC, which must be named.",
    source: "Amazon VPC user guide",
    mend: "Add network.vpcId.",
  },
  "vpc-missing": {
    why: elsewhere,
    source: "Amazon EC2 API, DescribeVpcs",
    mend: "Name a VPC that exists: aws ec2 describe-vpcs shows them.",
  },
  "subnet-missing": {
    why: elsewhere,
    source: "Amazon EC2 API, DescribeSubnets",
    mend: "Name subnets that exist: aws ec2 describe-subnets shows them.",
  },
  "subnet-other-vpc": {
    why: "A capacity provider's subnets and security groups are of one VPC.",
    source: providers,
    mend: "Name subnets of network.vpcId, or the VPC that they are of.",
  },
  "subnet-full": {
    why: "Each instance takes an address of its subnet, and is replaced by starting another one first.",
    source: "Amazon VPC user guide, subnet-sizing: five addresses of each subnet are AWS's",
    mend: "Name a larger subnet, or free addresses of this one.",
  },
  "subnets-one-zone": {
    why: "Instances are spread over the zones of the subnets; a second one in a zone adds addresses, and no zone.",
    source: providers,
    mend: "Name one subnet in each zone, unless the addresses are wanted.",
  },
  "security-group-missing": {
    why: elsewhere,
    source: "Amazon EC2 API, DescribeSecurityGroups",
    mend: "Name groups that exist: aws ec2 describe-security-groups shows them.",
  },
  "security-group-other-vpc": {
    why: "A security group works in its own VPC alone.",
    source: "Amazon VPC user guide, security-groups",
    mend: "Name groups of the subnets' VPC, or none: a new one lets nothing in.",
  },
  "cidr-overlap": {
    why: "Nothing routes between two VPCs that have the same addresses, and peering refuses them.",
    source: "Amazon VPC peering guide, vpc-peering-basics (limitations)",
    mend: "Take another network.cidr now, unless the VPCs shall never be connected: it cannot be changed later without a new VPC.",
  },
};
