import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ListChangeSetsCommand } from "@aws-sdk/client-cloudformation";
import {
  GetFunctionConfigurationCommand,
  ListCapacityProvidersCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CdkWorkbench } from "./cdk-workbench.ts";

describe("cdk and the reference stack", () => {
  let bench: CdkWorkbench;

  beforeAll(async () => {
    bench = await CdkWorkbench.start();
  });
  afterAll(() => bench.dispose());

  test.concurrent("what lmi synth writes: deployed, invoked, compared, changed by a change set, taken over by lmi, destroyed", async () => {
    const { machine } = bench;
    const project = join(machine.home, "hello");
    const assembly = join(machine.home, "assembly");
    const app = ["--app", assembly];
    const unasked = ["deploy", "--require-approval", "never"];
    const lmi = async (...args: string[]) => {
      const { code, stdout, stderr } = await machine.lmi(args, { cwd: project });
      expect(code, stderr).toBe(0);
      return stdout;
    };
    await machine.lmi(["init", project, "--yes"]);
    await lmi("synth", "--output", assembly);
    expect((await bench.succeed(["list", ...app])).trim()).toBe("lmi-hello");
    await bench.deploy(app);
    const answer = {
      statusCode: 200,
      body: '{"message":"Hello from Lambda Managed Instances!","event":{"test":"data"}}',
    };
    const name = "my-managed-instance-function";
    expect(await bench.invoke(name, { test: "data" })).toEqual(answer);
    await bench.succeed(["diff", "--fail", ...app]);

    // Another memory, as two steps: a change set to read, and its execution.
    await lmi("synth", "--output", assembly, "--memory", "4096");
    expect(await bench.fail(["diff", "--fail", ...app])).toContain("[~] AWS::Lambda::Function");
    const named = ["--change-set-name", "review"];
    await bench.succeed([...unasked, "--method", "prepare-change-set", ...named, ...app]);
    const memory = async () =>
      (await bench.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })))
        .MemorySize;
    expect(await memory()).toBe(2048);
    const { Summaries } = await bench.cloudformation.send(
      new ListChangeSetsCommand({ StackName: "lmi-hello" }),
    );
    expect(Summaries).toMatchObject([{ ChangeSetName: "review", ExecutionStatus: "AVAILABLE" }]);
    await bench.succeed([
      ...unasked,
      "--method",
      "execute-change-set",
      "lmi-hello",
      ...named,
      ...app,
    ]);
    expect(await memory()).toBe(4096);
    expect(await bench.status("lmi-hello")).toBe("UPDATE_COMPLETE");

    // The project that the stack came from goes on with it.
    await lmi("deploy", "--yes");
    expect(await memory()).toBe(2048);
    expect(await bench.invoke(name, { test: "data" })).toEqual(answer);

    // What cdk leaves half done, lmi goes on with.
    const handler = join(project, "src", "handler.ts");
    const good = await readFile(handler, "utf8");
    await writeFile(handler, `throw new Error("no such table");\n${good}`);
    await lmi("synth", "--output", assembly);
    await bench.failDeploy(["--no-rollback", ...app]);
    expect(await bench.status("lmi-hello")).toBe("UPDATE_FAILED");
    await writeFile(handler, good.replace("Hello from", "Back at"));
    await lmi("deploy", "--yes");
    expect(await bench.invoke(name)).toMatchObject({ body: expect.stringContaining("Back at") });
    await bench.succeed(["destroy", "--force", ...app]);
    expect(await bench.status("lmi-hello")).toBeUndefined();
  });

  test.concurrent("AWS's own constructs: validated, drift told, hotswap as far as it knows these functions", async () => {
    const name = "cdk-managed-instance-function";
    const event = { test: "data" };
    const validated = await bench.cdk(
      ["deploy", "--require-approval", "never", ...bench.app("reference")],
      {
        CDK_VALIDATION: "true",
      },
    );
    expect(validated.code, validated.stderr + validated.stdout).toBe(0);
    expect(await bench.invoke(name, event)).toEqual({ from: name, event });
    const drift = () => bench.cdk(["drift", "--fail", ...bench.app("reference")]);
    expect(await drift()).toMatchObject({ code: 0 });
    await bench.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: name, MemorySize: 4096 }),
    );
    const drifted = await drift();
    expect(drifted.code).toBe(1);
    expect(drifted.stdout + drifted.stderr).toMatch(
      /AWS::Lambda::Function Function[^]*MemorySize[^]*4096/,
    );
    await bench.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: name, MemorySize: 2048 }),
    );
    expect(await drift()).toMatchObject({ code: 0 });

    // Hotswap changes $LATEST, which managed instances do not run: the published code stays. A deploy brings it.
    const code = join(bench.machine.home, "code");
    await mkdir(code);
    await writeFile(join(code, "index.mjs"), "export const handler = async () => 'swapped';\n");
    const swapped = bench.app("reference", { code });
    expect(
      await bench.succeed(["deploy", "--hotswap", "--require-approval", "never", ...swapped]),
    ).toMatch(/hotswapped!/);
    expect(await bench.invoke(name, event)).toEqual({ from: name, event });
    await bench.deploy(swapped);
    expect(await bench.invoke(name, event)).toBe("swapped");

    await bench.succeed(["destroy", "--force", ...swapped]);
    const { CapacityProviders = [] } = await bench.lambda.send(
      new ListCapacityProvidersCommand({}),
    );
    expect(
      CapacityProviders.filter(({ CapacityProviderArn = "" }) =>
        CapacityProviderArn.includes("sample"),
      ),
    ).toEqual([]);
  });
});
