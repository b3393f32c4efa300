import type { Template } from "../synthesize.ts";
import type { Scope } from "./policy-document.ts";
import {
  arnOf,
  assetsBucket,
  bootstrapParameter,
  generatedName,
  iamArn,
  namesOf,
  type PolicyPlace,
} from "./policy-place.ts";

export type PolicyScopes = ReturnType<typeof policyScopes>;

/** What the statements of a stack's policy are about. */
export function policyScopes(template: Template, place: PolicyPlace) {
  return {
    ...ofNetworkAndRoles(template, place),
    ...ofLambda(template, place),
    ...ofEvents(template, place),
    bootstrap: scope("BootstrapVersion", [bootstrapParameter(place)]),
    code: scope("Code", [`${assetsBucket(place)}/*`]),
  };
}

function scope(
  name: string,
  resources: readonly string[],
  equal?: Readonly<Record<string, string | readonly string[]>>,
): Scope {
  return {
    name,
    resources,
    ...(equal === undefined ? {} : { condition: { StringEquals: equal } }),
  };
}

/** Kinds of resources that a stack's network has, as ARNs of EC2 name them. */
const networkParts = [
  "vpc",
  "egress-only-internet-gateway",
  "elastic-ip",
  "internet-gateway",
  "natgateway",
  "network-interface",
  "route-table",
  "security-group",
  "security-group-rule",
  "subnet",
  "vpc-endpoint",
];

/** Ids of what EC2 makes are not known beforehand: it is bound to kind, account and region. */
function ofNetworkAndRoles(template: Template, place: PolicyPlace) {
  const roles = namesOf(template, "AWS::IAM::Role", "RoleName", place).map((name) =>
    iamArn(place, `role/${name}`),
  );
  const linked = [iamArn(place, "role/aws-service-role/lambda.amazonaws.com/*")];
  return {
    network: scope(
      "Network",
      networkParts.map((part) => arnOf(place, "ec2", `${part}/*`)),
    ),
    roles: scope("Roles", roles),
    passedRoles: scope("PassedRoles", roles, {
      "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"],
    }),
    serviceLinkedRole: scope("ServiceLinkedRole", linked, {
      "iam:AWSServiceName": "lambda.amazonaws.com",
    }),
  };
}

function ofLambda(template: Template, place: PolicyPlace) {
  const functions = namesOf(template, "AWS::Lambda::Function", "FunctionName", place);
  const groups = namesOf(template, "AWS::Logs::LogGroup", "LogGroupName", place);
  const provider = arnOf(place, "lambda", `capacity-provider:${generatedName(place)}`);
  return {
    functions: scope(
      "Functions",
      functions.flatMap((name) => withParts(arnOf(place, "lambda", `function:${name}`))),
    ),
    providers: scope("CapacityProviders", [provider]),
    mappings: scope("EventSourceMappings", [arnOf(place, "lambda", "event-source-mapping:*")]),
    // Of whichever account they are.
    layers: scope("Layers", [arnOf({ ...place, account: "*" }, "lambda", "layer:*:*")]),
    logGroups: scope(
      "LogGroups",
      groups.flatMap((name) => withParts(arnOf(place, "logs", `log-group:${name}`))),
    ),
  };
}

const withParts = (arn: string) => [arn, `${arn}:*`];

function ofEvents(template: Template, place: PolicyPlace) {
  const { partition, region, stackName } = place;
  const generated = generatedName(place);
  const queues = namesOf(template, "AWS::SQS::Queue", "QueueName", place);
  const topics = namesOf(template, "AWS::SNS::Topic", "TopicName", place);
  const lowered = { ...place, stackName: stackName.toLowerCase() };
  const buckets = namesOf(template, "AWS::S3::Bucket", "BucketName", lowered);
  const paths = ["/apis", "/apis/*", "/tags/*"];
  return {
    apis: scope(
      "HttpApis",
      paths.map((path) => `arn:${partition}:apigateway:${region}::${path}`),
    ),
    rules: scope(
      "Rules",
      [generated, `*/${generated}`].map((name) => arnOf(place, "events", `rule/${name}`)),
    ),
    schedules: scope("Schedules", [arnOf(place, "scheduler", `schedule/*/${generated}`)]),
    queues: scope(
      "Queues",
      queues.map((name) => arnOf(place, "sqs", name)),
    ),
    topics: scope(
      "Topics",
      topics.map((name) => arnOf(place, "sns", name)),
    ),
    // A topic that exists may be another account's.
    subscriptions: scope("Subscriptions", [arnOf({ ...place, account: "*" }, "sns", "*")]),
    buckets: scope(
      "Buckets",
      buckets.map((name) => `arn:${partition}:s3:::${name}`),
    ),
  };
}
