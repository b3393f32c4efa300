import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { managedInstances } from "../../../../src/local/services/ec2/managed-instances.ts";
import { openEc2Store } from "../../../../src/local/services/ec2/store.ts";
import { openLambdaStore } from "../../../../src/local/services/lambda/store.ts";
import type { LambdaBench } from "./lambda-bench.ts";
import { gone, providerArn, region, startLambda, until, zipOf } from "./lambda-bench.ts";

const published = { FunctionName: "f", PublishTo: "LATEST_PUBLISHED" };
const scaling = (min: number, max: number) => ({
  FunctionName: "f",
  Qualifier: "$LATEST.PUBLISHED",
  FunctionScalingConfig: { MinExecutionEnvironments: min, MaxExecutionEnvironments: max },
});
/** A function that is still starting while the test does something else. */
const startsIn = (milliseconds: number) => ({
  Handler: "slow.handler",
  Code: {
    ZipFile: zipSync({
      "slow.mjs": strToU8(
        `await new Promise((resolve) => setTimeout(resolve, ${milliseconds})); export const handler = async () => ${milliseconds};`,
      ),
    }),
  },
});
const instances = ({ target }: LambdaBench) => managedInstances(target, region, providerArn);

describe("publishing", () => {
  test("a republish keeps the old code serving until the new one is ready", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    await lambda.call("UpdateFunctionCode", {
      FunctionName: "f",
      ZipFile: await zipOf("behaviours.mjs"),
    });
    await lambda.call("UpdateFunctionConfiguration", {
      FunctionName: "f",
      Handler: "behaviours.handler",
    });
    expect((await lambda.invoke({})).answer).toMatchObject({ statusCode: 200 });
    expect(await lambda.call("PublishVersion", published)).toMatchObject({
      State: "Active",
      LastUpdateStatus: "InProgress",
    });
    await expect(lambda.call("PublishVersion", published)).rejects.toMatchObject({
      code: "ResourceConflictException",
      message: expect.stringContaining("An update is in progress"),
    });
    expect((await lambda.invoke({})).answer).toMatchObject({ statusCode: 200 });
    expect(await lambda.settled()).toMatchObject({
      State: "Active",
      LastUpdateStatus: "Successful",
      Handler: "behaviours.handler",
    });
    expect((await lambda.invoke({ do: "echo", n: 1 })).answer).toEqual({ do: "echo", n: 1 });
  });

  test("a republish that fails leaves the old code serving", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    await lambda.call("UpdateFunctionCode", {
      FunctionName: "f",
      ZipFile: await zipOf("init-throws.mjs"),
      PublishTo: "LATEST_PUBLISHED",
    });
    expect(await lambda.settled()).toMatchObject({
      State: "Active",
      LastUpdateStatus: "Failed",
      LastUpdateStatusReasonCode: "FunctionError.RuntimeInitError",
      LastUpdateStatusReason: expect.stringContaining("hello"),
    });
    expect((await lambda.invoke({})).answer).toMatchObject({ statusCode: 200 });
    await lambda.restart();
    expect((await lambda.invoke({})).answer).toMatchObject({ statusCode: 200 });
  });

  test("a first version that does not initialise is Failed, with the reason in its log", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("init-throws.mjs");
    expect(await lambda.settled()).toMatchObject({
      State: "Failed",
      StateReasonCode: "FunctionError.RuntimeInitError",
      StateReason: "TypeError: the database is not configured",
    });
    expect(lambda.logLines("/aws/lambda/f").join("\n")).toContain("the database is not configured");
    expect(instances(lambda)).toEqual([]);
    await expect(lambda.invoke({})).rejects.toMatchObject({ code: "ResourceConflictException" });
  });

  test("numbers, aliases, and the same version for the same content", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs", { PublishTo: undefined });
    await lambda.settled("$LATEST");
    const publish = () => lambda.call<{ Version: string }>("PublishVersion", { FunctionName: "f" });
    expect((await publish()).Version).toBe("1");
    await lambda.settled("1");
    expect((await publish()).Version).toBe("1");
    await lambda.call("CreateAlias", { FunctionName: "f", Name: "live", FunctionVersion: "1" });
    expect(await lambda.invoke({}, { Qualifier: "live" })).toMatchObject({ ExecutedVersion: "1" });
    await expect(
      lambda.call("DeleteFunction", { FunctionName: "f", Qualifier: "1" }),
    ).rejects.toMatchObject({ code: "ResourceConflictException" });
    await expect(lambda.invoke({})).rejects.toMatchObject({ code: "NoPublishedVersionException" });
  });
});

describe("instances", () => {
  test("one for each zone, sized for the environments, and gone with the function", async () => {
    const lambda = await startLambda();
    await lambda.createProvider({
      VpcConfig: { SubnetIds: ["subnet-a", "subnet-b", "subnet-c"], SecurityGroupIds: [] },
    });
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    const running = instances(lambda);
    expect(new Set(running.map(({ SubnetId }) => SubnetId))).toEqual(
      new Set(["subnet-a", "subnet-b", "subnet-c"]),
    );
    expect(running[0]?.Operator?.Principal).toBe("scaler.lambda.amazonaws.com");
    expect(await lambda.call("DeleteFunction", { FunctionName: "f" })).toEqual({ StatusCode: 202 });
    expect(await lambda.call("GetFunctionConfiguration", { FunctionName: "f" })).toMatchObject({
      State: "Deleting",
    });
    await until(async () => gone(lambda.call("GetFunction", { FunctionName: "f" })));
    expect(instances(lambda)).toEqual([]);
    await lambda.service().close?.();
    const events = lambda
      .logLines("/aws/lambda/capacity-provider/pool")
      .map((line) => JSON.parse(line));
    expect(events.map(({ operation }) => operation).join(" ")).toBe(
      "Launching Launching Launching Launched Launched Launched Terminating Terminated Terminating Terminated Terminating Terminated",
    );
    expect(events[0].metadata).toMatchObject({
      capacityProviderArn: providerArn,
      availabilityZones: ["us-east-1a"],
    });
  });

  test("a provider that may not have enough vCPUs fails the version", async () => {
    const lambda = await startLambda();
    await lambda.createProvider({ CapacityProviderScalingConfig: { MaxVCpuCount: 2 } });
    await lambda.createFunction("hello.mjs", { MemorySize: 8192 });
    expect(await lambda.settled()).toMatchObject({
      State: "Failed",
      StateReasonCode: "CapacityProviderScalingLimitExceeded",
    });
    expect(instances(lambda)).toEqual([]);
  });
});

describe("scaling", () => {
  test("0/0 deactivates, anything else brings the version back", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    expect(await lambda.call("PutFunctionScalingConfig", scaling(0, 0))).toEqual({
      FunctionState: "Deactivating",
    });
    expect(await lambda.settled()).toMatchObject({ State: "Deactivated" });
    expect(instances(lambda)).toEqual([]);
    await expect(lambda.invoke({})).rejects.toMatchObject({
      code: "ResourceConflictException",
      message: expect.stringContaining("Deactivated"),
    });
    await lambda.call("PutFunctionScalingConfig", scaling(1, 2));
    expect(await lambda.settled()).toMatchObject({ State: "Active" });
    expect((await lambda.invoke({})).StatusCode).toBe(200);
    expect(
      await lambda.call("GetFunctionScalingConfig", {
        FunctionName: "f",
        Qualifier: "$LATEST.PUBLISHED",
      }),
    ).toMatchObject({
      RequestedFunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 2 },
      AppliedFunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 2 },
    });
  });

  test("what is published while paused stays without environments", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    await lambda.call("PutFunctionScalingConfig", scaling(0, 0));
    await lambda.settled();
    await lambda.call("PublishVersion", { FunctionName: "f", PublishTo: "LATEST_PUBLISHED" });
    expect(await lambda.settled()).toMatchObject({ State: "Deactivated" });
    expect(instances(lambda)).toEqual([]);
  });

  test("a paused version stays paused over a restart", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    await lambda.call("PutFunctionScalingConfig", scaling(0, 0));
    await lambda.settled();
    await lambda.restart();
    expect(await lambda.settled()).toMatchObject({ State: "Deactivated" });
  });
});

describe("deleting a capacity provider", () => {
  test("is refused while functions use it, and then takes it away", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    await expect(
      lambda.call("DeleteCapacityProvider", { CapacityProviderName: "pool" }),
    ).rejects.toMatchObject({
      code: "ResourceConflictException",
      message:
        "The capacity provider is currently in use by 1 functions. To delete this capacity provider, first remove its association with arn:aws:lambda:us-east-1:000000000000:function:f",
    });
    expect(
      await lambda.call("ListFunctionVersionsByCapacityProvider", { CapacityProviderName: "pool" }),
    ).toMatchObject({
      CapacityProviderArn: providerArn,
      FunctionVersions: expect.arrayContaining([
        { FunctionArn: expect.stringMatching(/:f:\$LATEST\.PUBLISHED$/), State: "Active" },
      ]),
    });
    await lambda.call("DeleteFunction", { FunctionName: "f" });
    await until(async () => gone(lambda.call("GetFunction", { FunctionName: "f" })));
    expect(
      await lambda.call("DeleteCapacityProvider", { CapacityProviderName: "pool" }),
    ).toMatchObject({ CapacityProvider: { State: "Deleting" } });
    await until(async () =>
      gone(lambda.call("GetCapacityProvider", { CapacityProviderName: "pool" })),
    );
  });

  test("ends the instances of a version that is still starting while its function goes", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs", startsIn(700));
    await until(async () => instances(lambda).length > 0);
    await lambda.call("DeleteFunction", { FunctionName: "f" });
    await until(async () => gone(lambda.call("GetFunction", { FunctionName: "f" })));
    await lambda.call("DeleteCapacityProvider", { CapacityProviderName: "pool" });
    await until(async () =>
      gone(lambda.call("GetCapacityProvider", { CapacityProviderName: "pool" })),
    );
    expect(instances(lambda)).toEqual([]);
    expect(openEc2Store(lambda.target).networkInterfaces.list(region)).toEqual([]);
  });

  test("launches nothing for a provider that goes", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    // As a deletion leaves it that was interrupted before the function was associated again.
    const store = openLambdaStore(lambda.state);
    const document = store.providers.get(region, "pool");
    if (!document) throw new Error("no provider");
    const provider = { ...document.provider, State: "Deleting" as const };
    store.providers.put(region, "pool", { ...document, provider });
    const before = instances(lambda).length;
    await lambda.call("PublishVersion", published);
    expect(await lambda.settled()).toMatchObject({ LastUpdateStatus: "Failed" });
    expect(instances(lambda).length).toBe(before);
  });
});

describe("a version made anew under its name", () => {
  test("is not touched by the one before it that was still starting", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs", startsIn(400));
    await until(async () => instances(lambda).length > 0);
    await lambda.call("DeleteFunction", { FunctionName: "f" });
    await until(async () => gone(lambda.call("GetFunction", { FunctionName: "f" })));
    await lambda.createFunction("hello.mjs", startsIn(900));
    expect(await lambda.settled()).toMatchObject({ State: "Active" });
    expect((await lambda.invoke({})).answer).toBe(900);
  });
});
