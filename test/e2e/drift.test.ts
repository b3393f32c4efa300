import { LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { CloudWatchLogsClient, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
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

const name = "my-managed-instance-function";

test("lmi diff --drift shows what somebody changed and deleted beside the stack", async () => {
  const lmi = (...args: string[]) => machine.lmi([...args, "--local"], { cwd });
  expect(await lmi("diff", "--drift")).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("Drift   not looked at: stack lmi-hello is not there."),
  });
  expect(await lmi("deploy", "--yes", "--function-env", "STAGE=old-secret")).toMatchObject({
    code: 0,
  });
  const flags = ["--function-env", "STAGE=old-secret"];
  const same = await lmi("diff", "--drift", "--fail", ...flags);
  expect(same).toMatchObject({ code: 0 });
  expect(same.stdout).toMatch(/^Drift {3}none: \d+ resources are as they were deployed$/m);

  const status = JSON.parse((await machine.lmi(["local", "status", "--json"], { cwd })).stdout) as {
    readonly endpoint: string;
    readonly region: string;
  };
  const credentials = { accessKeyId: "me", secretAccessKey: "me" };
  const client = { endpoint: status.endpoint, region: status.region, credentials };
  await new LambdaClient(client).send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: name,
      Timeout: 77,
      Environment: { Variables: { STAGE: "new-secret" } },
    }),
  );
  await new CloudWatchLogsClient(client).send(
    new DeleteLogGroupCommand({ logGroupName: `/aws/lambda/${name}` }),
  );

  const text = await lmi("diff", "--drift", "--fail", ...flags);
  expect(text.code).toBe(1);
  expect(text.stdout).toMatch(/^- \w+ \(log group\) {2}deleted:/m);
  expect(text.stdout).toMatch(/^ {4}Timeout {2}now 77; deployed \d+$/m);
  expect(text.stdout).toMatch(/its published version is not what\s+\$LATEST has/);
  expect(text.stderr).toContain("Stack lmi-hello is not what the project says.");
  const json = await lmi("diff", "--drift", "--json", ...flags);
  expect(json.code).toBe(0);
  const { drift } = JSON.parse(json.stdout) as Difference;
  expect(drift?.resources.map((each) => each.status).toSorted()).toEqual(["DELETED", "MODIFIED"]);
  expect(text.stdout + text.stderr + json.stdout).not.toMatch(/(?:old|new)-secret/);
}, 60_000);
