import { noFaults } from "../../../../src/local/faults/fault.ts";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GetMetricStatisticsOutput } from "@aws-sdk/client-cloudwatch";
import type {
  CreateCapacityProviderRequest,
  CreateFunctionRequest,
  FunctionConfiguration,
  InvocationRequest,
  InvocationResponse,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { onTestFinished } from "vitest";
import { openBlobStore } from "../../../../src/local/blob-store.ts";
import type { Clock } from "../../../../src/local/clock.ts";
import { systemClock } from "../../../../src/local/clock.ts";
import type { CallContext, Service, TargetContext } from "../../../../src/local/service.ts";
import { ServiceError } from "../../../../src/local/service-error.ts";
import { openEc2Store } from "../../../../src/local/services/ec2/store.ts";
import type { LambdaOptions } from "../../../../src/local/services/lambda/lambda-context.ts";
import { createLambdaService } from "../../../../src/local/services/lambda/service.ts";
import { createMonitoringService } from "../../../../src/local/services/monitoring/service.ts";
import { createSqsService } from "../../../../src/local/services/sqs/service.ts";
import type { State } from "../../../../src/local/state.ts";
import { createMemoryState } from "../../../helpers/memory-state.ts";

const functions = fileURLToPath(new URL("../../../fixtures/functions/", import.meta.url));
export const region = "us-east-1";
export const account = "000000000000";
export const providerArn = `arn:aws:lambda:${region}:${account}:capacity-provider:pool`;
export const roleArn = `arn:aws:iam::${account}:role/execution`;

/** The zip of one fixture, as it would be deployed. */
export async function zipOf(fixture: string): Promise<Uint8Array> {
  return zipSync({ [fixture]: new Uint8Array(await readFile(join(functions, fixture))) });
}

/** Log groups in memory, with the errors of the real service. */
function memoryLogs() {
  const streams = new Map<string, string[]>();
  const groups = new Set<string>();
  const operations: Record<string, (input: never) => object> = {
    CreateLogGroup: ({ logGroupName }: { logGroupName: string }) => {
      if (groups.has(logGroupName))
        throw new ServiceError("ResourceAlreadyExistsException", "there");
      groups.add(logGroupName);
      return {};
    },
    CreateLogStream: (input: { logGroupName: string; logStreamName: string }) => {
      streams.set(`${input.logGroupName} ${input.logStreamName}`, []);
      return {};
    },
    PutLogEvents: (input: {
      logGroupName: string;
      logStreamName: string;
      logEvents: { message: string }[];
    }) => {
      const stream = streams.get(`${input.logGroupName} ${input.logStreamName}`);
      if (!stream) throw new ServiceError("ResourceNotFoundException", "no such stream");
      stream.push(...input.logEvents.map(({ message }) => message));
      return {};
    },
  };
  return { operations, streams };
}

/** CloudWatch metrics in memory, one for each target. */
const metricServices = new WeakMap<TargetContext, Service>();

async function monitoring(
  target: TargetContext,
  operation: string,
  input: object,
  caller: CallContext,
): Promise<object> {
  let service = metricServices.get(target);
  if (!service) metricServices.set(target, (service = createMonitoringService(target, ":memory:")));
  const handler = service.operations[operation];
  if (!handler) throw new ServiceError("NotImplemented", `monitoring ${operation}`);
  return handler(input as never, caller);
}

/** Queues in memory, one service for each target. */
const queueServices = new WeakMap<TargetContext, Service>();

async function queues(
  target: TargetContext,
  operation: string,
  input: object,
  caller: CallContext,
): Promise<object> {
  let service = queueServices.get(target);
  if (!service) queueServices.set(target, (service = createSqsService(target)));
  const handler = service.operations[operation];
  if (!handler) throw new ServiceError("NotImplemented", `sqs ${operation}`);
  return handler(input as never, caller);
}

export interface LambdaBench {
  readonly target: TargetContext;
  readonly state: State;
  readonly service: () => Service;
  call<Output = Record<string, unknown>>(operation: string, input: object): Promise<Output>;
  invoke(event: unknown, input?: Partial<InvocationRequest>): Promise<InvokeAnswer>;
  createProvider(input?: Partial<CreateCapacityProviderRequest>): Promise<void>;
  createFunction(
    fixture: string,
    input?: Partial<CreateFunctionRequest>,
  ): Promise<FunctionConfiguration>;
  /** The version once it neither starts nor changes any more. */
  settled(qualifier?: string, functionName?: string): Promise<FunctionConfiguration>;
  logLines(group: string): string[];
  /** A statistic of one of Lambda's metrics over the last hour, as one number. */
  metric(
    name: string,
    dimensions: Readonly<Record<string, string>>,
    statistic?: string,
  ): Promise<number | undefined>;
  /** Closes the service and makes a new one on the same state, as a restart does. */
  restart(): Promise<void>;
}

export interface InvokeAnswer extends InvocationResponse {
  /** The payload, parsed. */
  readonly answer: unknown;
}

interface BenchOptions {
  readonly clock?: Clock;
  /** Takes the objects that Lambda stores. */
  readonly putObject?: (input: { Bucket: string; Key: string; Body: Uint8Array }) => void;
}

export async function startLambda(
  options: LambdaOptions = {},
  { clock = systemClock, putObject }: BenchOptions = {},
): Promise<LambdaBench> {
  const folder = await mkdtemp(join(tmpdir(), "lmi-test-lambda-"));
  const state = createMemoryState();
  const logs = memoryLogs();
  const neighbours: Record<string, Record<string, (input: never) => object>> = {
    logs: logs.operations,
    iam: {
      CreateServiceLinkedRole: () => ({}),
      GetRole: ({ RoleName }: { RoleName: string }) => {
        if (RoleName === "missing") throw new ServiceError("NoSuchEntityException", "no such role");
        const service = RoleName === "stranger" ? "ec2" : "lambda";
        const policy = JSON.stringify({ Principal: { Service: `${service}.amazonaws.com` } });
        return { Role: { RoleName, AssumeRolePolicyDocument: encodeURIComponent(policy) } };
      },
    },
    ec2: { DescribeSubnets: () => ({}), DescribeSecurityGroups: () => ({}) },
    s3: {
      GetObject: () => {
        throw new ServiceError("NoSuchKey", "The specified key does not exist.");
      },
      PutObject: (input: { Bucket: string; Key: string; Body: Uint8Array }) => {
        if (!putObject) throw new ServiceError("NoSuchBucket", "no such bucket");
        putObject(input);
        return {};
      },
    },
  };
  const target: TargetContext = {
    accountId: account,
    clock,
    state,
    blobs: openBlobStore(join(folder, "blobs")),
    random: Math.random,
    faults: noFaults,
    timing: "fast",
    call: async (name, operation, input, caller) => {
      if (name === "monitoring") return monitoring(target, operation, input, caller) as never;
      if (name === "sqs") return queues(target, operation, input, caller) as never;
      const handler = neighbours[name]?.[operation];
      if (!handler) throw new ServiceError("NotImplemented", `${name} ${operation}`);
      return handler(input as never) as never;
    },
    endpoint: () => "http://127.0.0.1:1",
    log: () => undefined,
  };
  for (const [index, SubnetId] of ["subnet-a", "subnet-b", "subnet-c"].entries()) {
    openEc2Store(target).subnets.put(region, SubnetId, {
      SubnetId,
      VpcId: "vpc-1",
      CidrBlock: `10.0.${index}.0/24`,
      AvailabilityZone: `${region}${SubnetId.at(-1)}`,
    });
  }
  const make = () =>
    createLambdaService(target, { workers: 1, workFolder: join(folder, "work"), ...options });
  let service = make();
  onTestFinished(async () => {
    await service.close?.();
    await rm(folder, { recursive: true, force: true });
  });
  return bench(
    target,
    logs.streams,
    () => service,
    async () => {
      await service.close?.();
      service = make();
      await service.resume?.();
    },
  );
}

function bench(
  target: TargetContext,
  streams: ReadonlyMap<string, string[]>,
  service: () => Service,
  restart: () => Promise<void>,
): LambdaBench {
  const call = async <Output>(operation: string, input: object): Promise<Output> => {
    const handler = service().operations[operation];
    if (!handler) throw new Error(`No operation ${operation}`);
    return (await handler(input as never, context())) as Output;
  };
  return {
    target,
    state: target.state,
    service,
    call,
    restart,
    invoke: async (event, input = {}) => {
      const result = await call<InvocationResponse>("Invoke", {
        FunctionName: "f",
        Payload: Buffer.from(JSON.stringify(event)),
        ...input,
      });
      const text = result.Payload ? Buffer.from(result.Payload).toString() : "null";
      return { ...result, answer: JSON.parse(text) as unknown };
    },
    createProvider: async (input = {}) => {
      await call("CreateCapacityProvider", {
        CapacityProviderName: "pool",
        VpcConfig: { SubnetIds: ["subnet-a"], SecurityGroupIds: [] },
        PermissionsConfig: { CapacityProviderOperatorRoleArn: roleArn },
        CapacityProviderScalingConfig: { MaxVCpuCount: 30 },
        ...input,
      });
      await until(async () => {
        const { CapacityProvider } = await call<{ CapacityProvider: { State: string } }>(
          "GetCapacityProvider",
          { CapacityProviderName: input.CapacityProviderName ?? "pool" },
        );
        return CapacityProvider.State === "Active";
      });
    },
    createFunction: async (fixture, input = {}) =>
      call<FunctionConfiguration>("CreateFunction", {
        FunctionName: "f",
        Runtime: "nodejs24.x",
        Role: roleArn,
        Handler: `${fixture.replace(/\.mjs$/, "")}.handler`,
        Code: { ZipFile: await zipOf(fixture) },
        PublishTo: "LATEST_PUBLISHED",
        CapacityProviderConfig: {
          LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: providerArn },
        },
        ...input,
      }),
    settled: async (qualifier = "$LATEST.PUBLISHED", FunctionName = "f") => {
      let last: FunctionConfiguration = {};
      await until(async () => {
        last = await call("GetFunctionConfiguration", { FunctionName, Qualifier: qualifier });
        return (
          last.LastUpdateStatus !== "InProgress" &&
          !["Pending", "Deactivating"].includes(last.State ?? "")
        );
      });
      return last;
    },
    metric: async (MetricName, dimensions, statistic = "Sum") => {
      const { Datapoints } = await target.call<GetMetricStatisticsOutput>(
        "monitoring",
        "GetMetricStatistics",
        {
          Namespace: "AWS/Lambda",
          MetricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          StartTime: new Date(Date.now() - 3_600_000),
          EndTime: new Date(Date.now() + 60_000),
          Period: 7200,
          Statistics: [statistic],
        },
        context(),
      );
      return Datapoints?.[0]?.[statistic as "Sum"];
    },
    logLines: (group) =>
      [...streams].flatMap(([name, lines]) => (name.startsWith(`${group} `) ? lines : [])),
  };
}

const context = (): CallContext => ({
  region,
  accountId: account,
  requestId: randomUUID(),
  accessKeyId: "test",
  signal: new AbortController().signal,
});

/** Waits for a state that comes by itself. */
export async function until(condition: () => Promise<boolean>, seconds = 20): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether what was asked for does not exist. */
export async function gone(request: Promise<unknown>): Promise<boolean> {
  return request.then(
    () => false,
    (error: { code?: string }) => {
      if (error.code === "ResourceNotFoundException") return true;
      throw error;
    },
  );
}
