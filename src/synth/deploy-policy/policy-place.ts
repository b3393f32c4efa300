import type { Template } from "../synthesize.ts";

/** What a policy's ARNs are made of. */
export interface PolicyPlace {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** `*` where it is not known. */
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
}

/** Of the region's partition (AWS General Reference, "Amazon Resource Names"). */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** An ARN of this account and region. */
export function arnOf(
  { partition, account, region }: PolicyPlace,
  service: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** An ARN of IAM, which has no regions. */
export function iamArn({ partition, account }: PolicyPlace, resource: string): string {
  return `arn:${partition}:iam::${account}:${resource}`;
}

/**
 * How names begin that CloudFormation gives: with the stack's, cut where the whole would be too long for its type
 * (CloudFormation user guide, "Name type").
 */
export function generatedName({ stackName }: PolicyPlace): string {
  const kept = 24;
  return stackName.length <= kept ? `${stackName}-*` : `${stackName.slice(0, kept)}*`;
}

/** Names of a template's resources of a type: as they are given, else as CloudFormation makes them. */
export function namesOf(
  { Resources }: Pick<Template, "Resources">,
  type: string,
  property: string,
  place: PolicyPlace,
): string[] {
  const names = Object.values(Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties = {} }) => Properties[property])
    .map((name) => (typeof name === "string" ? name : generatedName(place)));
  return [...new Set(names)];
}

/** What the standard bootstrap stack is called by (AWS CDK developer guide, "Bootstrapping"): its default qualifier. */
const qualifier = "hnb659fds";

export function bootstrapRole(
  place: PolicyPlace,
  name: "deploy" | "file-publishing" | "lookup" | "cfn-exec",
): string {
  const { account, region } = place;
  return iamArn(place, `role/cdk-${qualifier}-${name}-role-${account}-${region}`);
}

export function assetsBucket({ partition, account, region }: PolicyPlace): string {
  return `arn:${partition}:s3:::cdk-${qualifier}-assets-${account}-${region}`;
}

export function bootstrapParameter(place: PolicyPlace): string {
  return arnOf(place, "ssm", `parameter/cdk-bootstrap/${qualifier}/version`);
}
