import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { managedInstances } from "../../../../src/local/services/ec2/managed-instances.ts";
import type { LambdaBench } from "./lambda-bench.ts";
import { gone, providerArn, region, startLambda, until } from "./lambda-bench.ts";

const instances = ({ target }: LambdaBench) => managedInstances(target, region, providerArn);

describe("a restart", () => {
  test("in the middle of a publish goes on with it", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.restart();
    expect(await lambda.settled()).toMatchObject({ State: "Active" });
    expect((await lambda.invoke({ again: true })).StatusCode).toBe(200);
    expect(instances(lambda).length).toBeGreaterThan(0);
  });

  test("removes what the environments of a killed target left", async () => {
    const workFolder = await mkdtemp(join(tmpdir(), "lmi-test-lambda-"));
    onTestFinished(() => rm(workFolder, { recursive: true, force: true }));
    const tmp = join(workFolder, "tmp");
    await mkdir(join(tmp, "lmi-environment-killed"), { recursive: true });
    const lambda = await startLambda({ workFolder });
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    expect(await readdir(tmp)).toEqual([expect.stringMatching(/^lmi-environment-(?!killed)/)]);
    await lambda.service().close?.();
    expect(await readdir(tmp)).toEqual([]);
  });

  test("in the middle of a deletion goes on with it", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs");
    await lambda.settled();
    await lambda.call("DeleteFunction", { FunctionName: "f" });
    await lambda.restart();
    await until(async () => gone(lambda.call("GetFunction", { FunctionName: "f" })));
    expect(instances(lambda)).toEqual([]);
  });
});
