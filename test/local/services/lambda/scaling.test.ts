import { describe, expect, test, vi } from "vitest";
import { managedInstances } from "../../../../src/local/services/ec2/managed-instances.ts";
import { openLambdaStore } from "../../../../src/local/services/lambda/store.ts";
import type { LambdaBench } from "./lambda-bench.ts";
import { providerArn, region, startLambda, until } from "./lambda-bench.ts";

const instances = ({ target }: LambdaBench) => managedInstances(target, region, providerArn);
const configured = (min: number, max: number) => ({
  FunctionName: "f",
  Qualifier: "$LATEST.PUBLISHED",
  FunctionScalingConfig: { MinExecutionEnvironments: min, MaxExecutionEnvironments: max },
});

async function startFunction(
  lambda: LambdaBench,
  min: number,
  max: number,
  MaxVCpuCount = 30,
): Promise<void> {
  await lambda.createProvider({ CapacityProviderScalingConfig: { MaxVCpuCount } });
  await lambda.createFunction("behaviours.mjs", {
    Timeout: 60,
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: {
        CapacityProviderArn: providerArn,
        PerExecutionEnvironmentMaxConcurrency: 2,
      },
    },
    PublishTo: undefined,
  });
  await lambda.settled("$LATEST");
  await lambda.call("PutFunctionScalingConfig", configured(min, max));
  await lambda.call("PublishVersion", { FunctionName: "f", PublishTo: "LATEST_PUBLISHED" });
  await lambda.settled();
}

const sleeping = (lambda: LambdaBench, milliseconds = 300) =>
  lambda.invoke({ do: "sleep", milliseconds }).then(
    () => "served",
    (error: { code?: string; members?: { Reason?: string } }) =>
      `${error.code} ${error.members?.Reason}`,
  );
const refused = "TooManyRequestsException ConcurrentInvocationLimitExceeded";
const applied = async (lambda: LambdaBench) =>
  lambda.call("GetFunctionScalingConfig", {
    FunctionName: "f",
    Qualifier: "$LATEST.PUBLISHED",
  });

describe("a burst", () => {
  test("is refused beyond what the environments take, and served once they have become more", async () => {
    const lambda = await startLambda();
    await startFunction(lambda, 1, 8);
    const first = await Promise.all(Array.from({ length: 10 }, () => sleeping(lambda)));
    expect(first.filter((answer) => answer === "served")).toHaveLength(2);
    expect(first.filter((answer) => answer === refused)).toHaveLength(8);
    // Asking on is what brings more environments: the next refused request doubles them again.
    await until(async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => sleeping(lambda, 50)));
      return answers.every((answer) => answer === "served");
    });
    expect(instances(lambda).length).toBeGreaterThan(1);
  });

  test("waits for a place where this machine runs fewer processes than there are environments", async () => {
    const lambda = await startLambda();
    await startFunction(lambda, 8, 8);
    // 16 requests at once are what eight environments take, whatever the machine runs.
    const answers = await Promise.all(Array.from({ length: 16 }, () => sleeping(lambda)));
    expect(answers).toEqual(Array.from({ length: 16 }, () => "served"));
  });
});

describe("a republish", () => {
  test("needs room beside the version that serves, which goes on where there is none", async () => {
    const lambda = await startLambda();
    // One instance with three places, all taken.
    await startFunction(lambda, 3, 3, 4);
    expect(instances(lambda)).toHaveLength(1);
    await lambda.call("PublishVersion", { FunctionName: "f", PublishTo: "LATEST_PUBLISHED" });
    expect(await lambda.settled()).toMatchObject({
      State: "Active",
      LastUpdateStatus: "Failed",
      LastUpdateStatusReasonCode: "CapacityProviderScalingLimitExceeded",
    });
    expect(await sleeping(lambda, 1)).toBe("served");
  });
});

describe("PutFunctionScalingConfig of a version that serves", () => {
  test("changes the number of environments without starting it anew", async () => {
    const lambda = await startLambda();
    await startFunction(lambda, 1, 1);
    const before = await lambda.invoke({ do: "thread" });
    const placed = instances(lambda);
    await lambda.call("PutFunctionScalingConfig", configured(6, 6));
    expect(await lambda.settled()).toMatchObject({
      State: "Active",
      LastUpdateStatus: "Successful",
    });
    expect(await applied(lambda)).toMatchObject({
      RequestedFunctionScalingConfig: { MinExecutionEnvironments: 6 },
      AppliedFunctionScalingConfig: { MinExecutionEnvironments: 6 },
    });
    expect(instances(lambda).length).toBeGreaterThan(placed.length);
    expect((await lambda.invoke({ do: "thread" })).answer).toEqual(before.answer);
    await lambda.call("PutFunctionScalingConfig", configured(1, 1));
    await lambda.settled();
    expect(instances(lambda)).toEqual(placed);
  });

  test("is asked for and under way with one commit", async () => {
    const lambda = await startLambda();
    await startFunction(lambda, 1, 1);
    const commits: unknown[] = [];
    const commit = lambda.state.transaction.bind(lambda.state);
    let depth = 0;
    vi.spyOn(lambda.state, "transaction").mockImplementation((work) => {
      depth += 1;
      const result = commit(work);
      depth -= 1;
      const version = openLambdaStore(lambda.state).versions.get(region, "f:$LATEST.PUBLISHED");
      if (depth === 0)
        commits.push([
          version?.requestedScaling?.MinExecutionEnvironments,
          version?.configuration.LastUpdateStatus,
        ]);
      return result;
    });
    await lambda.call("PutFunctionScalingConfig", configured(2, 2));
    expect(commits[0]).toEqual([2, "InProgress"]);
    await lambda.settled();
  });

  test("that the provider has no room for fails the update, and what was applied stays", async () => {
    const lambda = await startLambda();
    await startFunction(lambda, 1, 1);
    await lambda.call("PutFunctionScalingConfig", configured(100, 100));
    expect(await lambda.settled()).toMatchObject({
      State: "Active",
      LastUpdateStatus: "Failed",
      LastUpdateStatusReasonCode: "CapacityProviderScalingLimitExceeded",
    });
    expect(await applied(lambda)).toMatchObject({
      RequestedFunctionScalingConfig: { MinExecutionEnvironments: 100 },
      AppliedFunctionScalingConfig: { MinExecutionEnvironments: 1 },
    });
    expect(instances(lambda)).toHaveLength(1);
    expect(await sleeping(lambda, 1)).toBe("served");
  });
});
