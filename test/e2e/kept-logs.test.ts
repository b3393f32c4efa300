import {
  CreateLogGroupCommand,
  ListTagsLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Difference } from "../../src/cli/commands/diff.ts";
import { HelloProject, logGroupName, providerGroup } from "./hello-project.ts";

let hello: HelloProject;
beforeAll(async () => {
  hello = await HelloProject.create();
});
afterAll(() => hello.dispose());

const lmi = (...args: string[]) => hello.lmi(...args);

/** How many requests the log tells of. */
async function requests(): Promise<number> {
  const { stdout } = await lmi("logs", "my-managed-instance-function");
  return stdout.split("\n").filter((line) => line.includes("answering a request")).length;
}

const invoke = () => lmi("invoke", "--payload", "{}");

test("log groups that destroy has kept come back with their lines, through a deploy that fails as well", async () => {
  expect(await lmi("deploy", "--yes", "--no-probe")).toMatchObject({ code: 0 });
  expect(await invoke()).toMatchObject({ code: 0 });
  expect(await requests()).toBe(1);
  const destroyed = await lmi("destroy", "--yes", "--keep-logs");
  expect(destroyed).toMatchObject({ code: 0 });
  expect(destroyed.stderr).toContain("The next lmi deploy --local takes the log groups back.");
  const logs = await hello.cloudWatch();
  await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 3 }));

  const text = (await lmi("diff")).stdout.replaceAll(/\s+/g, " ");
  expect(text).toContain(
    `(log group) there already, taken into the stack with what is in it: ${logGroupName}`,
  );
  const { resources, refused } = JSON.parse((await lmi("diff", "--json")).stdout) as Difference;
  expect(refused).toEqual([]);
  const imported = resources.filter(({ kind }) => kind === "import");
  expect(imported.map(({ physicalId }) => physicalId)).toEqual([providerGroup, logGroupName]);

  const fault = ["--resource-type", "AWS::Lambda::Function", "--on", "create", "--times", "1"];
  await lmi("local", "fault", "add", "failed-resource", ...fault);
  expect(await lmi("deploy", "--yes", "--no-probe")).toMatchObject({ code: 1 });
  expect(await hello.logGroups()).toEqual([
    [providerGroup, 30],
    [logGroupName, 3],
  ]);
  expect(await requests()).toBe(1);

  const deployed = await lmi("deploy", "--yes", "--no-probe");
  expect(deployed).toMatchObject({ code: 0 });
  expect(deployed.stderr).toMatch(/✓ log groups +2 taken back/);
  expect(await invoke()).toMatchObject({ code: 0 });
  expect(await requests()).toBe(2);
  // As the project says, and as after any deploy.
  expect(await hello.logGroups()).toContainEqual([logGroupName, 30]);
  const { tags } = await logs.send(new ListTagsLogGroupCommand({ logGroupName }));
  expect(tags).not.toHaveProperty("lmi:taken-back");
  expect((await lmi("diff")).stdout).toContain("Nothing differs.");
  expect(await lmi("destroy", "--yes")).toMatchObject({ code: 0 });
  expect(await hello.logGroups()).toEqual([]);
}, 120_000);

test("a log group that nothing says to be the project's is taken over only where that is asked for", async () => {
  await lmi("local", "up");
  const logs = await hello.cloudWatch();
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const refused = await lmi("deploy", "--yes", "--no-probe");
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain("LMI_LOG_GROUP_TAKEN");
  expect(refused.stderr).toContain("lmi deploy --local --adopt-logs");
  expect(await hello.logGroups()).toEqual([[logGroupName, undefined]]);
  const adopted = await lmi("deploy", "--yes", "--no-probe", "--adopt-logs", "--json");
  expect(adopted).toMatchObject({ code: 0 });
  expect(adopted.stdout).toContain(`"kind":"import"`);
  expect(await lmi("destroy", "--yes")).toMatchObject({ code: 0 });
  expect(await hello.logGroups()).toEqual([]);
}, 60_000);
