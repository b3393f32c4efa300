import {
  DescribeStackResourcesCommand,
  CloudFormationClient,
} from "@aws-sdk/client-cloudformation";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";

import { bringStack } from "../../../../src/cli/commands/dev/bring-stack.ts";
import { ownCalls } from "../../../../src/cli/commands/dev/own-calls.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";

const logGroupName = "/aws/lambda/hello";
const region = "us-east-1";

/** A target with a log group that something is in, and the stack that is to have it. */
async function world(tags: Record<string, string>) {
  const target = await startTestTarget();
  const logs = target.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "old" }));
  const Logs = {
    Type: "AWS::Logs::LogGroup",
    DeletionPolicy: "Delete",
    Properties: { LogGroupName: logGroupName, RetentionInDays: 30 },
  };
  const bring = () =>
    bringStack(
      {
        stackName: "lmi-hello",
        template: { Resources: { Logs } },
        functions: [],
        tags: { "lmi:project": "hello" },
        accountId: "000000000000",
        region,
      },
      {
        call: ownCalls(target, region),
        sleep: (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds)),
      },
    );
  return { target, logs, bring };
}

test("dev takes back what a destroy has kept, too", async () => {
  const { target, logs, bring } = await world({ "lmi:project": "hello" });
  await bring();
  await bring();
  const found = await target
    .client(CloudFormationClient)
    .send(new DescribeStackResourcesCommand({ PhysicalResourceId: logGroupName }));
  expect(found.StackResources).toMatchObject([{ StackName: "lmi-hello" }]);
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  expect(logStreams).toMatchObject([{ logStreamName: "old" }]);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups).toMatchObject([{ retentionInDays: 30 }]);
});

test("dev takes nothing that is not the project's", async () => {
  const { bring } = await world({});
  await expect(bring()).rejects.toMatchObject({
    code: "LMI_DEV_STACK_FAILED",
    why: expect.stringContaining("already exists"),
  });
});
