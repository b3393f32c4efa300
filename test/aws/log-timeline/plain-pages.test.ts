import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, onTestFinished, test } from "vitest";

import { connectAws } from "../../../src/aws/connect.ts";
import { startTestTarget } from "../../helpers/local-target.ts";

const logGroupName = "/aws/lambda/pages";

test("lines of any characters that look like the end of a page come once each, over many pages", async () => {
  const target = await startTestTarget();
  onTestFinished(() => target.close());
  const client = target.client(CloudWatchLogsClient);
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "s" }));
  const from = Date.now() - 1000;
  // Four of them are a page, which has a megabyte at most.
  const texts = Array.from(
    { length: 18 },
    (_, index) => `${index} "nextToken":"x"} € 🙂 \\"nextToken" ${"x".repeat(220_000)} "nextToken`,
  );
  for (const [index, message] of texts.entries())
    await client.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName: "s",
        logEvents: [{ timestamp: from + index, message }],
      }),
    );
  const aws = connectAws(
    {
      region: "us-east-1",
      profile: undefined,
      endpoint: target.endpoint,
      credentials: { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" },
      local: true,
    },
    {},
  );
  const stored = aws.logTimeline.stored({ logGroups: [logGroupName], since: new Date(from) });
  const read: string[] = [];
  for await (const batch of stored) read.push(...batch.map(({ message }) => message));
  expect(read).toEqual(texts);
});
