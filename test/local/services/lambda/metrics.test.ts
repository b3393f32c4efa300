import type { ListMetricsOutput } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import type { LambdaBench } from "./lambda-bench.ts";
import { providerArn, region, startLambda, until } from "./lambda-bench.ts";

async function started(): Promise<LambdaBench> {
  const lambda = await startLambda();
  await lambda.createProvider();
  await lambda.createFunction("behaviours.mjs", {
    Timeout: 60,
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: {
        CapacityProviderArn: providerArn,
        PerExecutionEnvironmentMaxConcurrency: 2,
      },
    },
  });
  await lambda.settled();
  return lambda;
}

const ofFunction = { FunctionName: "f" };
const ofProvider = { CapacityProviderName: "pool", FunctionName: "f" };

test("invocations are counted for the function, the resource and all functions", async () => {
  const lambda = await started();
  await lambda.call("CreateAlias", {
    FunctionName: "f",
    Name: "live",
    FunctionVersion: "$LATEST.PUBLISHED",
  });
  await lambda.invoke({ do: "sleep", milliseconds: 40 });
  await lambda.invoke({ do: "echo" }, { Qualifier: "live" });
  await lambda.invoke({ do: "fail", message: "no" });
  // Three environments with two requests each.
  const burst = Array.from({ length: 8 }, () => lambda.invoke({ do: "sleep", milliseconds: 400 }));
  const answers = await Promise.allSettled(burst);
  const refused = answers.filter(({ status }) => status === "rejected").length;
  const served = 3 + 8 - refused;
  expect(refused).toBeGreaterThan(0);
  await until(async () => (await lambda.metric("Invocations", ofFunction)) === served);
  expect(await lambda.metric("Invocations", {})).toBe(served);
  expect(await lambda.metric("Invocations", { ...ofFunction, Resource: "f" })).toBe(served - 1);
  expect(await lambda.metric("Invocations", { ...ofFunction, Resource: "f:live" })).toBe(1);
  expect(await lambda.metric("Errors", ofFunction)).toBe(1);
  expect(await lambda.metric("Throttles", ofFunction)).toBe(refused);
  expect(await lambda.metric("Duration", ofFunction, "SampleCount")).toBe(served);
  const longest = await lambda.metric("Duration", ofFunction, "Maximum");
  expect(longest).toBeGreaterThan(390);
  expect(await lambda.metric("ConcurrentExecutions", ofFunction, "Maximum")).toBe(8 - refused);
});

test("capacity providers and environments have their metrics", async () => {
  const lambda = await started();
  await Promise.all([1, 2, 3, 4].map(() => lambda.invoke({ do: "sleep", milliseconds: 50 })));
  await until(
    async () =>
      (await lambda.metric("ExecutionEnvironmentConcurrency", ofProvider, "Maximum")) === 2,
  );
  const most = (name: string, dimensions: Record<string, string>) =>
    lambda.metric(name, dimensions, "Maximum");
  expect(await most("ExecutionEnvironmentConcurrencyLimit", ofProvider)).toBe(2);
  expect(await most("ExecutionEnvironmentCount", ofProvider)).toBe(3);
  expect(await most("ExecutionEnvironmentMemoryUtilization", ofProvider)).toBeGreaterThan(0.5);
  const cpu = (await most("ExecutionEnvironmentCPUUtilization", ofProvider)) ?? -1;
  expect(cpu).toBeGreaterThanOrEqual(0);
  expect(cpu).toBeLessThanOrEqual(100);
  // One c8i.xlarge with three environments of 1 vCPU and 2 GiB; 1 vCPU and 1 GiB are the system's.
  const instance = { CapacityProviderName: "pool", InstanceType: "c8i.xlarge" };
  expect(await most("vCPUAllocated", instance)).toBe(3);
  expect(await most("vCPUAvailable", instance)).toBe(0);
  expect(await most("MemoryAllocated", instance)).toBe(6 * 1024 ** 3);
  expect(await most("MemoryAvailable", instance)).toBe(1024 ** 3);
  expect(await most("CPUUtilization", instance)).toBeLessThanOrEqual(100);
  expect(await most("MemoryUtilization", instance)).toBeGreaterThan(0);
  const { Metrics = [] } = await lambda.target.call<ListMetricsOutput>(
    "monitoring",
    "ListMetrics",
    { Namespace: "AWS/Lambda", Dimensions: [{ Name: "CapacityProviderName" }] },
    {
      region,
      accountId: "000000000000",
      requestId: "r",
      accessKeyId: "test",
      signal: new AbortController().signal,
    },
  );
  expect(Metrics).toHaveLength(11);
});
