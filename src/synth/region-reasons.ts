import type { RuleReason } from "./rule-catalogue.ts";

/** Of names that AWS gives: regions, what lies in them, instance types, services. */
export const regionReasons: Readonly<Record<string, RuleReason>> = {
  "region-unknown": {
    why: "AWS answers under names of its regions only; a mistyped one is found when the first call fails.",
    source: "AWS General Reference, AWS service endpoints",
    mend: "Correct it; a region that is newer than this version of lmi works all the same.",
  },
  "region-without": {
    why: "Managed Instances exist in all commercial regions but four.",
    source: "AWS What's New, 2026-06, Lambda Managed Instances region expansion",
    mend: "Take another region, unless AWS has added it since.",
  },
  "arn-region": {
    why: "Lambda takes keys, layers, dead-letter queues and event sources of its own region only.",
    source:
      "AWS Lambda developer guide, configuration-layers, invocation-eventsourcemapping and configuration-envvars-encryption",
    mend: "Name the one of the stack's region, or change region.",
  },
  "instance-type-unknown": {
    why: "EC2 refuses a type that it does not have, when the first instance is to be launched.",
    source: "aws-cdk-lib, aws-ec2 InstanceClass",
    mend: "Correct it; a family that is newer than this version of lmi works all the same.",
  },
  "endpoint-unknown": {
    why: "CloudFormation fails to make an endpoint of a service that has none in the region.",
    source: "aws-cdk-lib, aws-ec2 InterfaceVpcEndpointAwsService",
    mend: "Take the service's short name, as in com.amazonaws.<region>.<name>.",
  },
};
