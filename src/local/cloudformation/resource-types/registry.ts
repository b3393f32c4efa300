import type { ResourceType } from "../resource-type.ts";
import { httpApi, httpIntegration, httpRoute, httpStage } from "./api-gateway.ts";
import { cdkMetadata } from "./cdk-metadata.ts";
import { repository } from "./ecr.ts";
import {
  egressOnlyInternetGateway,
  eip,
  internetGateway,
  natGateway,
  vpcGatewayAttachment,
} from "./ec2-gateways.ts";
import { route } from "./ec2-route.ts";
import { securityGroup, securityGroupEgress, securityGroupIngress } from "./ec2-security-group.ts";
import { vpcEndpoint } from "./ec2-vpc-endpoint.ts";
import { vpcCidrBlock } from "./ec2-vpc-cidr-block.ts";
import { routeTable, subnet, subnetRouteTableAssociation, vpc } from "./ec2-vpc.ts";
import { eventBus, eventRule } from "./event-bridge.ts";
import { instanceProfile, managedPolicy, policy } from "./iam-policy.ts";
import { role } from "./iam-role.ts";
import { alias, key } from "./kms.ts";
import { eventInvokeConfig, functionUrl, permission } from "./lambda-access.ts";
import { capacityProvider } from "./lambda-capacity-provider.ts";
import { eventSourceMapping } from "./lambda-event-source.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { lambdaAlias, lambdaVersion, layerVersion } from "./lambda-version.ts";
import { logGroup, logStream } from "./logs.ts";
import { nestedStack } from "./nested-stack.ts";
import { bucket, bucketPolicy } from "./s3.ts";
import { subscription, topic, topicPolicy } from "./sns.ts";
import { queue, queuePolicy } from "./sqs.ts";
import { schedule, scheduleGroup } from "./scheduler.ts";
import { parameter } from "./ssm.ts";

const types: readonly ResourceType[] = [
  cdkMetadata,
  nestedStack,
  bucket,
  bucketPolicy,
  role,
  policy,
  managedPolicy,
  instanceProfile,
  parameter,
  queue,
  queuePolicy,
  repository,
  key,
  alias,
  logGroup,
  logStream,
  vpc,
  vpcCidrBlock,
  subnet,
  routeTable,
  subnetRouteTableAssociation,
  route,
  internetGateway,
  egressOnlyInternetGateway,
  vpcGatewayAttachment,
  eip,
  natGateway,
  securityGroup,
  securityGroupIngress,
  securityGroupEgress,
  vpcEndpoint,
  capacityProvider,
  lambdaFunction,
  lambdaVersion,
  lambdaAlias,
  layerVersion,
  permission,
  functionUrl,
  eventInvokeConfig,
  eventSourceMapping,
  httpApi,
  httpIntegration,
  httpRoute,
  httpStage,
  eventBus,
  eventRule,
  topic,
  subscription,
  topicPolicy,
  schedule,
  scheduleGroup,
];

/** The resource types with behaviour on the local target, by name. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  types.map((entry) => [entry.type, entry]),
);
