import { z } from "zod";
import { defaultCidr } from "./default-names.ts";
import { counted, idPattern, matching, whole, withoutDoubles } from "./setting-values.ts";

export const network = z
  .strictObject({
    cidr: z
      .string()
      // For editors and docs/settings.md; a rule says what exactly is wrong.
      .meta({
        pattern: "^\\d{1,3}(\\.\\d{1,3}){3}/(1[6-9]|2[0-4])$",
        patternErrorMessage: "must be an IPv4 range from /16 to /24",
      })
      .default(defaultCidr)
      .describe("IPv4 range of the new VPC, /16 to /24."),
    azs: whole(1, 3)
      .default(1)
      .describe(
        "Availability zones that instances are spread over. Lambda starts an instance in each zone, so each one costs.",
      ),
    egress: z
      .enum(["nat", "endpoints", "public", "none"])
      .default("nat")
      .describe(
        "How functions reach the outside: nat (private subnets, NAT gateways), endpoints (only AWS services), public (public subnets and addresses), none (no logs either).",
      ),
    natGateways: z
      .enum(["one", "each"])
      .default("one")
      .describe(
        "One NAT gateway for all zones, or one in each: dearer, and no zone needs another.",
      ),
    ipv6: z
      .boolean()
      .default(false)
      .describe(
        "Gives the new VPC IPv6 addresses of Amazon's, and a way out for them that needs no NAT gateway.",
      ),
    endpoints: z
      .array(
        matching(/^[a-z0-9][a-z0-9.-]*$/, "must be the short name of a service such as dynamodb"),
      )
      .default([])
      .describe(
        "Services besides those that functions are known to need, each with a VPC endpoint: dynamodb, sqs, secretsmanager, …; s3 and dynamodb cost nothing.",
      ),
    vpcId: matching(idPattern("vpc"), "must be a VPC id such as vpc-0123456789abcdef0")
      .optional()
      .describe("A VPC that exists, instead of a new one."),
    vpcTags: counted(
      z.record(z.string(), z.string({ error: "must be a string" })),
      { least: 1 },
      "must name at least one tag",
    )
      .optional()
      .describe("The VPC that has all these tags, instead of a new one."),
    defaultVpc: z
      .boolean()
      .default(false)
      .describe("The region's default VPC, instead of a new one."),
    subnetIds: withoutDoubles(
      z
        .array(
          matching(idPattern("subnet"), "must be a subnet id such as subnet-0123456789abcdef0"),
        )
        .min(1, { error: "must name 1 to 16 subnets" })
        .max(16, { error: "must name 1 to 16 subnets" }),
      "must name each subnet once",
    )
      .optional()
      .describe("1 to 16 subnets of vpcId. Default: found by egress, one for each of azs zones."),
    securityGroupIds: withoutDoubles(
      z
        .array(
          matching(idPattern("sg"), "must be a security group id such as sg-0123456789abcdef0"),
        )
        .min(1, { error: "must name 1 to 5 security groups" })
        .max(5, { error: "must name 1 to 5 security groups" }),
      "must name each security group once",
    )
      .optional()
      .describe("1 to 5 security groups of the VPC. Default: a new one that lets nothing in."),
  })
  .describe("Network of the instances.");
