import { randomUUID } from "node:crypto";
import { zipSync } from "fflate";
import { systemClock } from "../../src/local/clock.ts";
import { createResourceDataSource } from "../../src/local/cloudformation/resource-data.ts";
import { noFaults } from "../../src/local/faults/fault.ts";
import { ServiceError } from "../../src/local/service-error.ts";
import type { CallContext, Service, ServiceName, TargetContext } from "../../src/local/service.ts";
import { createApiGatewayService } from "../../src/local/services/apigateway/service.ts";
import {
  createCloudFormationService,
  type CloudFormationService,
} from "../../src/local/services/cloudformation/service.ts";
import { openEc2Store } from "../../src/local/services/ec2/store.ts";
import { createEventBridgeService } from "../../src/local/services/events/service.ts";
import { createEc2Service } from "../../src/local/services/ec2/service.ts";
import { createIamService } from "../../src/local/services/iam/service.ts";
import { createKmsService } from "../../src/local/services/kms/service.ts";
import { createLambdaService } from "../../src/local/services/lambda/service.ts";
import { createLogsService } from "../../src/local/services/logs/service.ts";
import { createS3Service } from "../../src/local/services/s3/service.ts";
import { createSchedulerService } from "../../src/local/services/scheduler/service.ts";
import { createSnsService } from "../../src/local/services/sns/service.ts";
import { createSqsService } from "../../src/local/services/sqs/service.ts";
import { createSecretsManagerService } from "../../src/local/services/secretsmanager/service.ts";
import { createSsmService } from "../../src/local/services/ssm/service.ts";
import type { Settings } from "../../src/synth/settings.ts";
import type { Template } from "../../src/synth/synthesize.ts";
import { noProcesses } from "../helpers/no-processes.ts";
import { createMemoryState } from "../helpers/memory-state.ts";
import { storeValues } from "./referenced-values.ts";
import { layerNames } from "../helpers/random-settings/functions.ts";
import { blobsInMemory } from "../helpers/blobs-in-memory.ts";

/** Read once: AWS's data take 0.4 s. */
const data = createResourceDataSource();
const codeBytes = zipSync({ "index.mjs": Buffer.from("export const handler = () => 1;") });
/** Hash of the code that every function of a template has. */
export const codeHash = "a".repeat(64);

/** What an operation answers, as these tests look into it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = any;

/** An account and region of its own in memory: all of the local target but its processes. */
export interface World {
  readonly call: (service: ServiceName, operation: string, input?: object) => Promise<Answer>;
  /** Deploys a template as CloudFormation does; what went wrong is in the answer. */
  readonly deploy: (
    stackName: string,
    template: Template,
    tags: Readonly<Record<string, string>>,
  ) => Promise<Deployed>;
  readonly close: () => Promise<void>;
}

export interface Deployed {
  readonly status: string;
  readonly reasons: readonly string[];
  /** Physical ids by logical id. */
  readonly ids: ReadonlyMap<string, string>;
}

export async function createWorld(settings: Settings): Promise<World> {
  const region = settings.region ?? "us-east-1";
  const known = new Map<string, Service>();
  const context: CallContext = {
    region,
    accountId: "000000000000",
    requestId: randomUUID(),
    accessKeyId: "lmi-local",
    signal: new AbortController().signal,
  };
  const target: TargetContext = {
    accountId: context.accountId,
    clock: systemClock,
    state: createMemoryState(),
    blobs: blobsInMemory(),
    random: Math.random,
    faults: noFaults,
    timing: "fast",
    call: async (service, operation, input, from) => {
      const handler = known.get(service)?.operations[operation];
      if (!handler) throw new ServiceError("NotImplemented", `${service}:${operation}`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the dispatcher of the server does
      return (await handler(input as never, from)) as never;
    },
    endpoint: () => "http://127.0.0.1:1",
    log: () => {},
  };
  const cloudFormation = createCloudFormationService(target, { data });
  const services = [
    createApiGatewayService(target),
    createEc2Service(target),
    createIamService(target),
    createKmsService(target),
    createLambdaService(target, { runtime: noProcesses, autoscaling: false }),
    createLogsService(target),
    createS3Service(target),
    createSecretsManagerService(target),
    createEventBridgeService(target),
    createSchedulerService(target),
    createSnsService(target),
    createSqsService(target),
    createSsmService(target),
    cloudFormation,
  ];
  for (const service of services) known.set(service.name, service);
  const call: World["call"] = (service, operation, input = {}) =>
    target.call(service, operation, input, context);
  placeNetwork(target, region, settings);
  await bootstrap(call, region);
  await storeValues(call);
  return {
    call,
    deploy: (...stack) => deploy(call, cloudFormation, region, ...stack),
    close: async () => {
      for (const service of services.toReversed()) await service.close?.();
    },
  };
}

/** The VPC that exists, where settings name one. */
function placeNetwork(target: TargetContext, region: string, { network }: Settings): void {
  const { vpcId: VpcId, subnetIds = [], securityGroupIds = [] } = network;
  if (VpcId === undefined) return;
  const store = openEc2Store(target);
  store.vpcs.put(region, VpcId, {
    VpcId,
    CidrBlock: "10.9.0.0/16",
    EnableDnsSupport: true,
    EnableDnsHostnames: true,
  });
  for (const [index, SubnetId] of subnetIds.entries()) {
    store.subnets.put(region, SubnetId, {
      SubnetId,
      VpcId,
      CidrBlock: `10.9.${index}.0/24`,
      AvailabilityZone: `${region}${"abc"[index % 3]}`,
    });
  }
  for (const GroupId of securityGroupIds) {
    store.securityGroups.put(region, GroupId, {
      GroupId,
      VpcId,
      GroupName: GroupId,
      Description: "given",
      Rules: [],
    });
  }
}

const assetBucket = (region: string) => `cdk-hnb659fds-assets-000000000000-${region}`;

/** What a bootstrapped account has, and the layers that settings name. */
async function bootstrap(call: World["call"], region: string): Promise<void> {
  const Bucket = assetBucket(region);
  await call("ssm", "PutParameter", {
    Name: "/cdk-bootstrap/hnb659fds/version",
    Type: "String",
    Value: "30",
  });
  await call("s3", "CreateBucket", {
    Bucket,
    ...(region === "us-east-1"
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: region } }),
  });
  await call("s3", "PutObject", { Bucket, Key: `${codeHash}.zip`, Body: codeBytes });
  await call("events", "CreateEventBus", { Name: "orders" });
  await call("iam", "CreatePolicy", {
    PolicyName: "shop",
    PolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
  });
  for (const LayerName of layerNames)
    await call("lambda", "PublishLayerVersion", { LayerName, Content: { ZipFile: codeBytes } });
}

async function deploy(
  call: World["call"],
  cloudFormation: CloudFormationService,
  region: string,
  StackName: string,
  template: Template,
  tags: Readonly<Record<string, string>>,
): Promise<Deployed> {
  const Bucket = assetBucket(region);
  await call("s3", "PutObject", {
    Bucket,
    Key: "template.json",
    Body: Buffer.from(JSON.stringify(template)),
  });
  await call("cloudformation", "CreateStack", {
    StackName,
    TemplateURL: `https://s3.${region}.amazonaws.com/${Bucket}/template.json`,
    Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  await cloudFormation.idle();
  const { Stacks } = await call("cloudformation", "DescribeStacks", { StackName });
  const { StackEvents } = await call("cloudformation", "DescribeStackEvents", { StackName });
  const { StackResources } = await call("cloudformation", "DescribeStackResources", { StackName });
  return {
    status: String(Stacks[0].StackStatus),
    reasons: (StackEvents as Answer[])
      .filter(({ ResourceStatus }) => String(ResourceStatus).endsWith("FAILED"))
      .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`),
    ids: new Map(
      (StackResources as Answer[]).map((each) => [
        String(each.LogicalResourceId),
        String(each.PhysicalResourceId),
      ]),
    ),
  };
}
