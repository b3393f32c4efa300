/** What an action of lmi's own is about. */
export type Subject =
  | "anything"
  | "stack"
  | "bootstrap stack"
  | "function"
  | "layers"
  | "provider"
  | "log group"
  | "roles"
  | "bootstrap version"
  | "assets bucket"
  | "kept code"
  | "assets";

/**
 * What lmi itself asks AWS for, with the credentials of whoever runs it: the IAM actions of the operations that the
 * ports of this room call, by what they are about. What a deployment does is done by the roles of the bootstrap stack.
 * sts:GetCallerIdentity needs no permission.
 */
export const ownActions: Readonly<Record<Subject, readonly string[]>> = {
  anything: [
    "cloudformation:DescribeStackDriftDetectionStatus",
    // Of every stack and provider of the account: lmi list.
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplateSummary",
    "cloudformation:ListStacks",
    "cloudwatch:GetMetricData",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstances",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "lambda:ListCapacityProviders",
    "lambda:ListEventSourceMappings",
    "lambda:ListTags",
    "logs:DescribeLogGroups",
    "pricing:GetProducts",
    "servicequotas:GetServiceQuota",
  ],
  stack: [
    "cloudformation:DeleteStack",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResourceDrifts",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DetectStackDrift",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "cloudformation:UpdateStack",
  ],
  "bootstrap stack": ["cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks"],
  function: [
    "lambda:DeleteFunction",
    "lambda:GetFunctionConfiguration",
    "lambda:GetFunctionScalingConfig",
    "lambda:GetFunctionUrlConfig",
    "lambda:InvokeFunction",
    // No operation of the client: a signed request to the URL itself (lmi bench --url).
    "lambda:InvokeFunctionUrl",
    "lambda:ListAliases",
    "lambda:ListVersionsByFunction",
    "lambda:PublishVersion",
    "lambda:PutFunctionScalingConfig",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
  ],
  provider: [
    "lambda:GetCapacityProvider",
    "lambda:ListFunctionVersionsByCapacityProvider",
    // Publishing a version uses the provider (Lambda developer guide, lambda-managed-instances-operator-role).
    "lambda:PassCapacityProvider",
  ],
  // Lambda reads them as the caller (Lambda developer guide, "Layer permissions").
  layers: ["lambda:GetLayerVersion"],
  "log group": ["logs:FilterLogEvents", "logs:ListTagsForResource", "logs:StartLiveTail"],
  roles: [
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:SimulatePrincipalPolicy",
  ],
  "bootstrap version": ["ssm:GetParameter"],
  "assets bucket": ["s3:ListBucket"],
  assets: ["s3:GetObject"],
  "kept code": ["s3:DeleteObject", "s3:PutObject"],
};
