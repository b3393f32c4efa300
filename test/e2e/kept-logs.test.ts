import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Difference } from "../../src/cli/commands/diff.ts";
import { Machine } from "./lmi.ts";

let machine: Machine;
let cwd: string;
beforeAll(async () => {
  machine = await Machine.create();
  expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
  cwd = join(machine.home, "hello");
});
afterAll(() => machine.dispose([cwd]));

const lmi = (...args: string[]) => machine.lmi([...args, "--local"], { cwd });
const logGroupName = "/aws/lambda/my-managed-instance-function";
const providerGroup = "/aws/lambda/capacity-provider/lmi-hello";

async function cloudWatch(): Promise<CloudWatchLogsClient> {
  const { stdout } = await machine.lmi(["local", "status", "--json"], { cwd });
  const { endpoint, region } = JSON.parse(stdout) as { endpoint: string; region: string };
  const credentials = { accessKeyId: "me", secretAccessKey: "me" };
  return new CloudWatchLogsClient({ endpoint, region, credentials });
}

async function groups(logs: CloudWatchLogsClient) {
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  return (logGroups ?? []).map((group) => [group.logGroupName, group.retentionInDays]);
}

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
  const logs = await cloudWatch();
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
  expect(await groups(logs)).toEqual([
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
  expect(await groups(logs)).toContainEqual([logGroupName, 30]);
  const { tags } = await logs.send(new ListTagsLogGroupCommand({ logGroupName }));
  expect(tags).not.toHaveProperty("lmi:taken-back");
  expect((await lmi("diff")).stdout).toContain("Nothing differs.");
  expect(await lmi("destroy", "--yes")).toMatchObject({ code: 0 });
  expect(await groups(logs)).toEqual([]);
}, 120_000);

test("a log group that nothing says to be the project's is taken over only where that is asked for", async () => {
  await lmi("local", "up");
  const logs = await cloudWatch();
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const refused = await lmi("deploy", "--yes", "--no-probe");
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain("LMI_LOG_GROUP_TAKEN");
  expect(refused.stderr).toContain("lmi deploy --local --adopt-logs");
  expect(await groups(logs)).toEqual([[logGroupName, undefined]]);
  const adopted = await lmi("deploy", "--yes", "--no-probe", "--adopt-logs", "--json");
  expect(adopted).toMatchObject({ code: 0 });
  expect(adopted.stdout).toContain(`"kind":"import"`);
  expect(await lmi("destroy", "--yes")).toMatchObject({ code: 0 });
  expect(await groups(logs)).toEqual([]);
}, 60_000);

test("a destroy that ends after it has said what to keep leaves a stack that deploys", async () => {
  expect(await lmi("deploy", "--yes", "--no-probe")).toMatchObject({ code: 0 });
  const fault = ["--service", "cloudformation", "--operation", "DeleteStack"];
  await lmi("local", "fault", "add", "access-denied", ...fault);
  expect(await lmi("destroy", "--yes", "--keep-logs")).toMatchObject({ code: 5 });
  await lmi("local", "fault", "clear");
  expect(await lmi("deploy", "--yes", "--no-probe")).toMatchObject({ code: 0 });
  expect((await lmi("diff")).stdout).toContain("Nothing differs.");
  expect(await lmi("destroy", "--yes")).toMatchObject({ code: 0 });
  expect(await groups(await cloudWatch())).toEqual([]);
}, 60_000);

test("what a detached deploy took back goes with its stack as asked", async () => {
  const deploy = ["deploy", "--yes", "--no-probe"];
  expect(await lmi(...deploy)).toMatchObject({ code: 0 });
  expect(await lmi("destroy", "--yes", "--keep-logs")).toMatchObject({ code: 0 });
  const detached = await lmi(...deploy, "--detach");
  expect(detached).toMatchObject({ code: 0 });
  expect(detached.stderr).toContain("DeletionPolicy Retain until the next");
  expect(await lmi("deploy", "--attach", "--no-probe")).toMatchObject({ code: 0 });
  expect((await lmi("diff")).stdout).toContain("lmi:taken-back");
  const destroyed = await lmi("destroy", "--yes");
  expect(destroyed).toMatchObject({ code: 0 });
  expect(destroyed.stderr).toMatch(/✓ log groups +2 not to stay/);
  expect(destroyed.stdout).not.toContain("Kept");
  expect(await groups(await cloudWatch())).toEqual([]);
}, 60_000);
