import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  DescribeStackEventsCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { writtenWhenEjected } from "../synth/eject/written-when-ejected.ts";
import { sampleProjects } from "../helpers/random-settings/random-project.ts";
import { repository } from "../e2e/lmi.ts";
import { pythonProgram } from "../helpers/python.ts";
import { skipped } from "../helpers/skipped.ts";
import { CdkWorkbench } from "./cdk-workbench.ts";

const name = "my-managed-instance-function";

describe("stacks that lmi has deployed and ejected", () => {
  let bench: CdkWorkbench;

  beforeAll(async () => {
    bench = await CdkWorkbench.start();
  });
  afterAll(() => bench.dispose());

  /** A deployed project, and what it ejects. */
  async function ejected(project: string, ...flags: string[]) {
    const { machine, cloudformation } = bench;
    const cwd = join(machine.home, project);
    const lmi = async (...args: string[]) => {
      const { code, stdout, stderr } = await machine.lmi(args, { cwd });
      expect(code, stderr).toBe(0);
      return stdout.trim();
    };
    await machine.lmi(["init", cwd, "--yes"]);
    // Two stacks in one account: functions have names.
    const settings = join(cwd, "lmi.json");
    const text = await readFile(settings, "utf8");
    await writeFile(settings, text.replace(name, `${project}-function`));
    await lmi("deploy", "--yes");
    const StackName = `lmi-${project}`;
    return {
      StackName,
      functionName: `${project}-function`,
      directory: await lmi("eject", ...flags),
      resources: async () => {
        const { StackResourceSummaries = [] } = await cloudformation.send(
          new ListStackResourcesCommand({ StackName }),
        );
        return StackResourceSummaries.map(
          (each) => `${each.LogicalResourceId} ${each.PhysicalResourceId}`,
        );
      },
      events: async () =>
        (await cloudformation.send(new DescribeStackEventsCommand({ StackName }))).StackEvents,
    };
  }

  const memory = async (FunctionName: string) =>
    (await bench.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).MemorySize;

  test("cdk finds lmi's metadata gone and nothing else, takes over without an event, changes, and destroys", async () => {
    const { StackName, functionName, directory, resources, events } = await ejected("taken");
    await symlink(join(repository, "node_modules"), join(directory, "node_modules"), "dir");
    const before = { resources: await resources(), events: await events() };
    const cdk = async (...args: string[]) => {
      const { code, stdout, stderr } = await bench.cdk(args, {}, directory);
      return { code, text: stdout + stderr };
    };
    const diff = await cdk("diff", "--fail");
    expect(diff.text).toContain("[-] Metadata lmi");
    expect(diff.text.match(/^\[[-+~]\].*$/gm)).toHaveLength(1);

    const deployed = await cdk("deploy", "--require-approval", "never");
    expect(deployed.text).toContain("(no changes)");
    expect({ resources: await resources(), events: await events() }).toEqual(before);

    const file = join(directory, "infra", "functions", `${functionName}.ts`);
    const code = await readFile(file, "utf8");
    await writeFile(file, code.replace("memorySize: 2048", "memorySize: 4096"));
    const changed = await cdk("diff", "--fail");
    expect(changed.text).toContain("[~] AWS::Lambda::Function");
    expect(changed.text).not.toMatch(/(?:requires|may cause) replacement/);
    expect(await cdk("deploy", "--require-approval", "never")).toMatchObject({ code: 0 });
    expect(await memory(functionName)).toBe(4096);
    expect(await resources()).toEqual(before.resources);
    expect(await bench.invoke(functionName, { test: 1 })).toMatchObject({ statusCode: 200 });

    // With everything of its own, the difference of the first time is gone, too.
    expect(await cdk("diff", "--fail")).toMatchObject({ code: 0 });
    expect(await cdk("destroy", "--force")).toMatchObject({ code: 0 });
    expect(await bench.status(StackName)).toBeUndefined();
  });

  test("the commands of the README take over with the AWS CLI", async (context) => {
    const aws = pythonProgram("aws") ?? skipped(context, "There is no AWS CLI");
    const { functionName, directory, resources, events } = await ejected(
      "written",
      "--format",
      "cloudformation",
    );
    const before = { resources: await resources(), events: await events() };
    const readme = await readFile(join(directory, "README.md"), "utf8");
    const commands = /```sh\n(?<commands>.*?)```/s.exec(readme)?.groups?.["commands"] ?? "";
    const deploy = () =>
      bench.machine.run(
        "sh",
        [
          "-euc",
          `aws() { "${aws}" "$@"; }\n${commands.replaceAll("<the region where it is>", "us-east-1")}`,
        ],
        {
          cwd: directory,
        },
      );
    const taken = await deploy();
    expect(taken.code, taken.stderr).toBe(0);
    expect(taken.stdout).toContain("No changes to deploy");
    expect({ resources: await resources(), events: await events() }).toEqual(before);

    const file = join(directory, "template.yaml");
    const template = await readFile(file, "utf8");
    await writeFile(file, template.replace("MemorySize: 2048", "MemorySize: 4096"));
    const changed = await deploy();
    expect(changed.code, changed.stderr).toBe(0);
    expect(await memory(functionName)).toBe(4096);
    expect(await resources()).toEqual(before.resources);
  });
});

test("ejected projects of 50 random settings write the template that lmi writes, and keep their own types", async () => {
  const { written, expected, typeErrors } = await writtenWhenEjected(sampleProjects(50));
  expect(written).toEqual(expected);
  expect(typeErrors).toBe("");
});
