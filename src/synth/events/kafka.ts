import type { PolicyStatement } from "../settings.ts";
import { allow } from "../policy-statement.ts";
import { failureStatements } from "./event-permissions.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import type { KafkaEvent, MskEvent } from "./kafka-schema.ts";
import { createMapping, epochSeconds, pollerProperties, retryProperties } from "./mapping.ts";

export function createMskEvent(parts: EventParts<MskEvent>): CreatedEvent {
  const { event } = parts;
  createMapping(parts, {
    eventSourceArn: event.arn,
    ...topicProperties(event),
    ...(event.consumerGroup === undefined
      ? {}
      : { amazonManagedKafkaEventSourceConfig: { consumerGroupId: event.consumerGroup } }),
    ...access(event.auth ? [{ type: event.auth.type, uri: event.auth.secretArn }] : []),
  });
  return {
    statements: [
      ...clusterStatements(event),
      interfaces,
      ...secretStatements([event.auth?.secretArn]),
      ...failureStatements(event.onFailure),
    ],
  };
}

export function createKafkaEvent(parts: EventParts<KafkaEvent>): CreatedEvent {
  const { event } = parts;
  createMapping(parts, {
    selfManagedEventSource: { endpoints: { kafkaBootstrapServers: [...event.bootstrapServers] } },
    ...topicProperties(event),
    ...(event.consumerGroup === undefined
      ? {}
      : { selfManagedKafkaEventSourceConfig: { consumerGroupId: event.consumerGroup } }),
    ...access(kafkaAccess(event)),
  });
  return {
    statements: [
      ...(event.vpc ? [interfaces] : []),
      ...secretStatements([event.auth?.secretArn, event.serverCaSecretArn]),
      ...failureStatements(event.onFailure),
    ],
  };
}

function topicProperties(event: MskEvent | KafkaEvent) {
  return {
    topics: [event.topic],
    startingPosition: event.startingPosition,
    ...epochSeconds(event.startingTimestamp),
    ...retryProperties(event),
    ...pollerProperties(event.pollers),
  };
}

interface Access {
  readonly type: string;
  readonly uri: string;
}

const access = (configurations: readonly Access[]) =>
  configurations.length === 0 ? {} : { sourceAccessConfigurations: [...configurations] };

/** In Lambda's words: `subnet:subnet-…`, `security_group:sg-…` (Lambda API, SourceAccessConfiguration). */
function kafkaAccess({ auth, serverCaSecretArn, vpc }: KafkaEvent): Access[] {
  return [
    ...(auth ? [{ type: auth.type, uri: auth.secretArn }] : []),
    ...(serverCaSecretArn === undefined
      ? []
      : [{ type: "SERVER_ROOT_CA_CERTIFICATE", uri: serverCaSecretArn }]),
    ...(vpc?.subnetIds ?? []).map((id) => ({ type: "VPC_SUBNET", uri: `subnet:${id}` })),
    ...(vpc?.securityGroupIds ?? []).map((id) => ({
      type: "VPC_SECURITY_GROUP",
      uri: `security_group:${id}`,
    })),
  ];
}

/** Lambda developer guide, with-msk-permissions; without secrets it is IAM that lets the role read the topic. */
function clusterStatements(event: MskEvent): PolicyStatement[] {
  const { arn, auth, topic, consumerGroup } = event;
  const isConnection = arn.includes(":vpc-connection/");
  const own = [
    allow(
      [
        "kafka:DescribeClusterV2",
        "kafka:GetBootstrapBrokers",
        ...(auth?.type === "SASL_SCRAM_512_AUTH" ? ["kafka:ListScramSecrets"] : []),
        ...(isConnection ? ["kafka:DescribeVpcConnection"] : []),
      ],
      // A connection does not tell the ARN of the cluster behind it.
      isConnection ? "*" : arn,
    ),
  ];
  if (auth) return own;
  const part = (kind: string, name: string) =>
    isConnection
      ? `${arn.replace(/:\d{12}:vpc-connection\/.*$/, "")}:*:${kind}/*/*/${name}`
      : `${arn.replace(":cluster/", `:${kind}/`)}/${name}`;
  const cluster = isConnection ? part("cluster", "").replace(/\/$/, "") : arn;
  return [
    ...own,
    allow(["kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"], cluster),
    allow(["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"], part("topic", topic)),
    ...failureTopic(event.onFailure).map((name) =>
      allow(["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"], part("topic", name)),
    ),
    allow(
      ["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"],
      part("group", consumerGroup ?? "*"),
    ),
  ];
}

/**
 * Lambda developer guide, kafka-on-failure: writing takes WriteData; Amazon MSK developer guide, kafka-actions: and that
 * takes Connect, which is there, and DescribeTopic.
 */
function failureTopic(onFailure: string | undefined): string[] {
  return onFailure?.startsWith("kafka://") ? [onFailure.slice("kafka://".length)] : [];
}

const secretStatements = (arns: readonly (string | undefined)[]) =>
  arns
    .filter((arn) => arn !== undefined)
    .map((arn) => allow(["secretsmanager:GetSecretValue"], arn));

/** For pollers in a VPC; these actions are given without a resource (Lambda developer guide, with-kafka-permissions). */
const interfaces = allow(
  [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
  ],
  "*",
);
