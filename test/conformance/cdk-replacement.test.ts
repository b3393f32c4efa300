import { ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListCapacityProvidersCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CdkWorkbench } from "./cdk-workbench.ts";

describe("cdk with changes that need a replacement", () => {
  let bench: CdkWorkbench;
  let iam: IAMClient;
  let logs: CloudWatchLogsClient;

  beforeAll(async () => {
    bench = await CdkWorkbench.start();
    iam = bench.target.client(IAMClient);
    logs = bench.target.client(CloudWatchLogsClient);
  });
  afterAll(() => bench.dispose());

  const app = (context: Record<string, string> = {}) => bench.app("replacement", context);
  const providers = async () =>
    (await bench.lambda.send(new ListCapacityProvidersCommand({}))).CapacityProviders?.map(
      ({ CapacityProviderArn }) => CapacityProviderArn ?? "",
    ) ?? [];
  const operators = async (stack: string) =>
    ((await iam.send(new ListRolesCommand({}))).Roles ?? []).flatMap(({ Arn = "" }) =>
      Arn.includes(`/${stack}-Operator`) ? [Arn] : [],
    );
  const groups = async (stack: string) =>
    (
      await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: `/${stack}/` }))
    ).logGroups?.map(({ logGroupName }) => logGroupName);

  test.concurrent("what was replaced is deleted at the end, or after a failure the new one is", async () => {
    const { moving: first = {} } = await bench.deploy(app());
    const second = { variant: "second" };
    const diff = await bench.succeed(["diff", ...app(second)]);
    expect(diff).toMatch(/Operator Operator\w+ replace/);
    expect(diff).toMatch(/Provider Provider\w+ (may be )?replace/);

    const failed = await bench.failDeploy(app({ ...second, broken: "yes" }));
    expect(failed).toContain("not today");
    expect(await bench.status("moving")).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(await providers()).toContain(first["ProviderOut"]);
    expect((await providers()).filter((arn) => arn.includes(":moving-"))).toHaveLength(1);
    expect(await operators("moving")).toEqual([first["OperatorOut"]]);
    expect(await bench.invoke(first["FunctionOut"])).toBe("here");

    const { moving = {} } = await bench.deploy(app(second));
    expect(moving["FunctionOut"]).toBe(first["FunctionOut"]);
    expect(moving["ProviderOut"]).not.toBe(first["ProviderOut"]);
    expect((await providers()).filter((arn) => arn.includes(":moving-"))).toEqual([
      moving["ProviderOut"],
    ]);
    expect(await operators("moving")).toEqual([moving["OperatorOut"]]);
    expect(moving["OperatorOut"]).toContain(":role/second/");
    expect(await bench.invoke(moving["FunctionOut"])).toBe("here");
    // UpdateReplacePolicy: Retain leaves the old one to its owner.
    expect(await groups("moving")).toEqual(["/moving/first", "/moving/second"]);

    const { StackResourceSummaries = [] } = await bench.cloudformation.send(
      new ListStackResourcesCommand({ StackName: "moving" }),
    );
    const shown = StackResourceSummaries.find(
      ({ ResourceType }) => ResourceType === "AWS::Lambda::CapacityProvider",
    );
    expect(moving["ProviderOut"]).toContain(shown?.PhysicalResourceId);
    await bench.succeed(["destroy", "--force", ...app(second)]);
    expect((await providers()).filter((arn) => arn.includes(":moving-"))).toEqual([]);
    expect(await operators("moving")).toEqual([]);
    expect(await groups("moving")).toEqual(["/moving/first"]);
  });

  test.concurrent("a provider with a name of its own is not replaced", async () => {
    const { named: first = {} } = await bench.deploy(app({ named: "yes" }));
    const second = { named: "yes", variant: "second" };
    expect(await bench.failDeploy(app(second))).toContain(
      "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename named-provider and update the stack again.",
    );
    expect(await bench.status("named")).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(await bench.invoke(first["FunctionOut"])).toBe("here");

    // Without rollback `cdk` refuses a replacement by itself; a change set does not know the name's meaning.
    const refused = await bench.failDeploy(["--no-rollback", ...app(second)]);
    expect(refused).toMatch(/replacement/i);
    await bench.succeed(["destroy", "--force", ...app({ named: "yes" })]);
    expect(await providers()).not.toContain(first["ProviderOut"]);
  });
});
