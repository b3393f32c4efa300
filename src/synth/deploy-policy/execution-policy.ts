import type { Template } from "../synthesize.ts";
import { documentOf, everything, type PolicyDocument, type Scope } from "./policy-document.ts";
import type { PolicyPlace } from "./policy-place.ts";
import { policyScopes, type PolicyScopes } from "./policy-scopes.ts";
import { propertyActions, resourceActions } from "./resource-actions.ts";

export interface ExecutionPolicy {
  readonly document: PolicyDocument;
  /** Resource types of the template whose permissions are not known here. */
  readonly unknown: readonly string[];
}

/** What CloudFormation must be allowed to create, change and delete a stack of this template. */
export function executionPolicy(template: Template, place: PolicyPlace): ExecutionPolicy {
  const resources = Object.values(template.Resources);
  const scopes = policyScopes(template, place);
  const grants = resources.flatMap(({ Type, Properties = {} }) =>
    actionsOf(Type, Properties).map((action) => ({ action, scope: scopeOf(action, Type, scopes) })),
  );
  const parameter = { action: "ssm:GetParameters", scope: scopes.bootstrap };
  const unknown = resources.map(({ Type }) => Type).filter((type) => !isKnown(type));
  return {
    document: documentOf([...grants, parameter]),
    unknown: [...new Set(unknown)].toSorted(),
  };
}

const isKnown = (type: string) =>
  Object.hasOwn(resourceActions, type) || type === "AWS::CDK::Metadata";

function actionsOf(type: string, properties: Readonly<Record<string, unknown>>): string[] {
  const own = Object.hasOwn(resourceActions, type) ? resourceActions[type] : undefined;
  const further = Object.entries(propertyActions[type] ?? {})
    .filter(([property]) => properties[property] !== undefined)
    .flatMap(([, actions]) => actions);
  return [...(own ?? []), ...further];
}

/** Actions that know no resources (Service Authorization Reference, "Actions defined by …"). */
const withoutResource = new Set([
  "lambda:CreateEventSourceMapping",
  "logs:DescribeIndexPolicies",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "sns:GetSubscriptionAttributes",
  "sns:SetSubscriptionAttributes",
  "sns:Unsubscribe",
]);

const byAction: Readonly<Record<string, keyof PolicyScopes>> = {
  "iam:PassRole": "passedRoles",
  "iam:CreateServiceLinkedRole": "serviceLinkedRole",
  "lambda:PassCapacityProvider": "providers",
  "lambda:GetLayerVersion": "layers",
  "s3:GetObject": "code",
  "s3:GetObjectVersion": "code",
};

const byType: Readonly<Record<string, keyof PolicyScopes>> = {
  "AWS::Lambda::CapacityProvider": "providers",
  "AWS::Lambda::EventSourceMapping": "mappings",
  "AWS::SNS::Subscription": "subscriptions",
};

const byService: Readonly<Record<string, keyof PolicyScopes>> = {
  apigateway: "apis",
  ec2: "network",
  events: "rules",
  iam: "roles",
  lambda: "functions",
  logs: "logGroups",
  s3: "buckets",
  scheduler: "schedules",
  sns: "topics",
  sqs: "queues",
};

function scopeOf(action: string, type: string, scopes: PolicyScopes): Scope {
  if (withoutResource.has(action) || action.startsWith("ec2:Describe")) return everything;
  const service = action.split(":")[0] ?? "";
  const name = byAction[action] ?? byType[type] ?? byService[service];
  return name === undefined ? everything : scopes[name];
}
