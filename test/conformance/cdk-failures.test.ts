import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CdkWorkbench } from "./cdk-workbench.ts";

describe("cdk with stacks that fail", () => {
  let bench: CdkWorkbench;
  let ssm: SSMClient;
  let logs: CloudWatchLogsClient;

  beforeAll(async () => {
    bench = await CdkWorkbench.start();
    ssm = bench.target.client(SSMClient);
    logs = bench.target.client(CloudWatchLogsClient);
  });
  afterAll(() => bench.dispose());

  const fragile = (name: string) => (variant: string) => bench.app("fragile", { variant, name });
  /** What the stack's status says, and what is really there. */
  const world = async (name: string) => {
    const [answer, parameter, groups] = await Promise.all([
      bench.invoke(name),
      ssm.send(new GetParameterCommand({ Name: `/${name}/variant` })),
      logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: `/${name}/` })),
    ]);
    return {
      status: await bench.status(name),
      answer,
      parameter: parameter.Parameter?.Value,
      added: groups.logGroups?.length,
    };
  };
  const firstWorld = { answer: "first", parameter: "first", added: 0 };
  const fixedWorld = { answer: "fixed", parameter: "fixed", added: 1 };
  const destroy = async (name: string) => {
    await bench.succeed(["destroy", "--force", ...fragile(name)("first")]);
    expect(await bench.status(name)).toBeUndefined();
  };

  test.concurrent("an update that fails leaves the last good version serving; a mended one goes over it", async () => {
    const app = fragile("fragile");
    await bench.deploy(app("first"));

    const failed = await bench.failDeploy(app("broken"));
    // The command cuts the status to its column.
    expect(failed).toContain("UPDATE_ROLLBACK_COMPLET");
    expect(failed).toContain("no such table");
    expect(await world("fragile")).toEqual({ status: "UPDATE_ROLLBACK_COMPLETE", ...firstWorld });
    const cause = await bench.fail(["diagnose", "--unstable=diagnose", ...app("first")]);
    expect(cause).toMatch(/AWS::Lambda::Function Function\w+/);
    expect(cause).toContain("no such table");

    await bench.failDeploy(["--no-rollback", ...app("broken")]);
    const halfway = { answer: "first", parameter: "broken", added: 1 };
    expect(await world("fragile")).toEqual({ status: "UPDATE_FAILED", ...halfway });
    await bench.succeed(["rollback", ...app("first")]);
    expect(await world("fragile")).toEqual({ status: "UPDATE_ROLLBACK_COMPLETE", ...firstWorld });

    // Express mode leaves what failed as it is, and goes on from there.
    await bench.failDeploy(["--express", ...app("broken")]);
    expect(await bench.status("fragile")).toBe("UPDATE_FAILED");
    const outputs = await bench.deploy(["--express", ...app("fixed")]);
    expect(outputs).toEqual({ fragile: { Variant: "fixed" } });
    expect(await world("fragile")).toEqual({ status: "UPDATE_COMPLETE", ...fixedWorld });
    await destroy("fragile");
  });

  test.concurrent("a creation that fails leaves its record only, which the next deploy replaces", async () => {
    const app = fragile("unborn");
    expect(await bench.failDeploy(app("broken"))).toContain("ROLLBACK_COMPLETE");
    expect(await bench.status("unborn")).toBe("ROLLBACK_COMPLETE");
    await expect(bench.invoke("unborn")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await bench.deploy(app("first"));
    expect(await world("unborn")).toEqual({ status: "CREATE_COMPLETE", ...firstWorld });
    await destroy("unborn");
  });

  test.concurrent("a creation that fails without rollback can be rolled back, or mended", async () => {
    const app = fragile("half");
    await bench.failDeploy(["--no-rollback", ...app("broken")]);
    expect(await bench.status("half")).toBe("CREATE_FAILED");
    await bench.succeed(["rollback", ...app("first")]);
    expect(await bench.status("half")).toBe("ROLLBACK_COMPLETE");
    await bench.failDeploy(["--no-rollback", ...app("broken")]);
    await bench.deploy(["--no-rollback", ...app("fixed")]);
    expect(await world("half")).toEqual({ status: "UPDATE_COMPLETE", ...fixedWorld });
    await destroy("half");
  });
});
