import { readdir } from "node:fs/promises";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { isOwnEntry } from "../../../src/cli/local/state-folder.ts";
import { startTestTarget } from "../../helpers/local-target.ts";

test("lmi local reset knows everything that the target writes", async () => {
  const target = await startTestTarget();
  await target
    .client(CloudWatchLogsClient)
    .send(new CreateLogGroupCommand({ logGroupName: "/any" }));
  await target.client(CloudWatchClient).send(
    new PutMetricDataCommand({
      Namespace: "any",
      MetricData: [{ MetricName: "any", Value: 1 }],
    }),
  );
  const s3 = target.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "any-bucket" }));
  await s3.send(new PutObjectCommand({ Bucket: "any-bucket", Key: "any", Body: "any" }));
  await target.client(LambdaClient).send(new ListFunctionsCommand({}));
  const entries = await readdir(target.stateDir);
  expect(entries.filter((entry) => !isOwnEntry(entry))).toEqual([]);
  expect(entries).toEqual(
    expect.arrayContaining(["blobs", "logs.sqlite", "metrics.sqlite", "state.sqlite"]),
  );
});
