import { LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { CloudWatchLogsClient, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Difference } from "../../src/cli/commands/diff.ts";
import { HelloProject } from "./hello-project.ts";

let project: HelloProject;
beforeAll(async () => {
  project = await HelloProject.create();
});
afterAll(() => project.dispose());

const name = "my-managed-instance-function";

test("lmi diff --drift shows what somebody changed and deleted beside the stack", async () => {
  const lmi = (...args: string[]) => project.lmi(...args);
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

  const client = await project.clientSettings();
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
