import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe as suite, expect, test } from "vitest";
import {
  propertyChanges,
  replacementOf,
} from "../../../src/local/cloudformation/property-changes.ts";
import { propertyProblems } from "../../../src/local/cloudformation/property-validation.ts";
import { createResourceDataSource } from "../../../src/local/cloudformation/resource-data.ts";
import type { ResourceData } from "../../../src/local/cloudformation/resource-data.ts";
import { create, createHarness } from "./harness.ts";

const source = createResourceDataSource();

async function dataOf(type: string): Promise<ResourceData> {
  const data = (await source.load([type])).get(type);
  if (!data) throw new Error(`no data of ${type}`);
  return data;
}

suite("AWS's resource data", () => {
  test("know what replaces a capacity provider", async () => {
    const data = await dataOf("AWS::Lambda::CapacityProvider");
    const before = {
      VpcConfig: { SubnetIds: ["a"], SecurityGroupIds: ["b"] },
      PermissionsConfig: { CapacityProviderOperatorRoleArn: "r" },
      CapacityProviderScalingConfig: { MaxVCpuCount: 12 },
    };
    const scaled = propertyChanges(data, before, {
      ...before,
      CapacityProviderScalingConfig: { MaxVCpuCount: "13" },
    });
    expect(scaled.map(({ path }) => path)).toEqual([
      "/Properties/CapacityProviderScalingConfig/MaxVCpuCount",
    ]);
    expect(replacementOf(scaled)).toBe("no");
    const moved = propertyChanges(data, before, {
      ...before,
      VpcConfig: { SubnetIds: ["c"], SecurityGroupIds: ["b"] },
    });
    expect(replacementOf(moved)).toBe("yes");
    // A number and its text are the same.
    expect(
      propertyChanges(data, before, {
        ...before,
        CapacityProviderScalingConfig: { MaxVCpuCount: "12" },
      }),
    ).toEqual([]);
    expect(
      propertyProblems(data, { ...before, Surplus: 1, VpcConfig: "x" }).map(
        ({ message }) => message,
      ),
    ).toEqual([
      "expected type: JSONObject, found: String",
      "extraneous key [Surplus] is not permitted",
    ]);
    expect(propertyProblems(data, {})).toHaveLength(2);
  });

  test("do not know types that do not exist, and know CDK's own", async () => {
    const found = await source.load(["AWS::No::Such", "AWS::CDK::Metadata"]);
    expect([...found.keys()]).toEqual(["AWS::CDK::Metadata"]);
  });

  test("let the CDK's bootstrap template be created as records, with ids and attributes of the right form", async () => {
    const require = createRequire(import.meta.url);
    const toolkit = dirname(require.resolve("@aws-cdk/toolkit-lib/package.json"));
    const body = readFileSync(join(toolkit, "lib/api/bootstrap/bootstrap-template.yaml"), "utf8");
    const harness = createHarness({ real: true, resourceTypes: new Map() });
    const stack = await create(harness, body, { Capabilities: ["CAPABILITY_NAMED_IAM"] });
    expect(stack.StackStatusReason).toBeUndefined();
    expect(stack.StackStatus).toBe("CREATE_COMPLETE");
    const outputs = Object.fromEntries(
      stack.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
    expect(outputs).toMatchObject({
      BucketName: "cdk-hnb659fds-assets-000000000000-us-east-1",
      ImageRepositoryName: "cdk-hnb659fds-container-assets-000000000000-us-east-1",
    });
    expect(Number(outputs["BootstrapVersion"])).toBeGreaterThanOrEqual(30);
    const { StackResources } = await harness.call<{ StackResources: Record<string, string>[] }>(
      "DescribeStackResources",
      { StackName: "s" },
    );
    const role = StackResources.find(
      (resource) => resource["LogicalResourceId"] === "DeploymentActionRole",
    );
    expect(role?.["PhysicalResourceId"]).toBe("cdk-hnb659fds-deploy-role-000000000000-us-east-1");
    await expect(
      harness.call("UpdateStack", {
        StackName: "s",
        TemplateBody: body,
        Capabilities: ["CAPABILITY_NAMED_IAM"],
      }),
    ).rejects.toThrow("No updates are to be performed.");
    await expect(
      harness.call("UpdateStack", {
        StackName: "s",
        TemplateBody: body,
        Capabilities: ["CAPABILITY_IAM"],
      }),
    ).rejects.toMatchObject({ code: "InsufficientCapabilitiesException" });
  });
});
