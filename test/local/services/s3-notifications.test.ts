import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { startPushBench } from "./push-bench.ts";

interface Records {
  readonly Records: readonly {
    readonly eventName: string;
    readonly s3: { readonly object: { readonly key: string } };
  }[];
}

async function startBucket(configure: (functionArn: string) => NotificationConfiguration) {
  const bench = await startPushBench();
  const s3 = bench.target.client(S3Client);
  const Bucket = "uploads";
  await s3.send(new CreateBucketCommand({ Bucket }));
  const NotificationConfiguration = configure(bench.functionArn);
  const put = { Bucket, NotificationConfiguration };
  await s3.send(new PutBucketNotificationConfigurationCommand(put));
  const names = () =>
    bench.came.flatMap(({ event }) =>
      (event as Records).Records.map(
        ({ eventName, s3: { object } }) => `${eventName} ${object.key}`,
      ),
    );
  return { ...bench, s3, Bucket, names };
}

test("functions hear of what happens to the keys that they ask for, in S3's form", async () => {
  const { s3, Bucket, came, names } = await startBucket((LambdaFunctionArn) => ({
    LambdaFunctionConfigurations: [
      {
        Id: "in",
        LambdaFunctionArn,
        Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"],
        Filter: {
          Key: {
            FilterRules: [
              { Name: "prefix", Value: "in/" },
              { Name: "suffix", Value: ".json" },
            ],
          },
        },
      },
    ],
  }));
  const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}" }));
  await put("out/a.json");
  await put("in/a.txt");
  expect(came).toEqual([]);
  await put("in/a b.json");
  expect(came[0]).toMatchObject({
    type: "Event",
    event: {
      Records: [
        {
          eventVersion: "2.1",
          eventSource: "aws:s3",
          awsRegion: "us-east-1",
          eventTime: "2026-11-25T12:00:00.000Z",
          eventName: "ObjectCreated:Put",
          s3: {
            configurationId: "in",
            bucket: { name: Bucket, arn: "arn:aws:s3:::uploads" },
            object: { key: "in/a+b.json", size: 2, eTag: "99914b932bd37a50b983c5e7c90ae93b" },
          },
        },
      ],
    },
  });
  const CopySource = "uploads/in/a%20b.json";
  await s3.send(new CopyObjectCommand({ Bucket, Key: "in/c.json", CopySource }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "in/c.json" }));
  const Objects = [{ Key: "in/a b.json" }, { Key: "out/a.json" }];
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  expect(names()).toEqual([
    "ObjectCreated:Put in/a+b.json",
    "ObjectCreated:Copy in/c.json",
    "ObjectRemoved:Delete in/c.json",
    "ObjectRemoved:Delete in/a+b.json",
  ]);
});

test("a delete marker has a name of its own", async () => {
  const { s3, Bucket, names } = await startBucket((LambdaFunctionArn) => ({
    LambdaFunctionConfigurations: [{ LambdaFunctionArn, Events: ["s3:ObjectRemoved:*"] }],
  }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  expect(names()).toEqual(["ObjectRemoved:DeleteMarkerCreated a"]);
});

test("a bucket that sends to EventBridge is heard by rules, in EventBridge's form", async () => {
  const { s3, Bucket, target, functionArn, came } = await startBucket(() => ({
    EventBridgeConfiguration: {},
  }));
  const events = target.client(EventBridgeClient);
  const EventPattern = JSON.stringify({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [Bucket] }, object: { key: [{ wildcard: "in/*.json" }] } },
  });
  await events.send(new PutRuleCommand({ Name: "r", EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "f", Arn: functionArn }] }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "out/a.json", Body: "{}" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "in/a.json", Body: "{}" }));
  expect(came.map(({ event }) => event)).toMatchObject([
    {
      "detail-type": "Object Created",
      source: "aws.s3",
      resources: ["arn:aws:s3:::uploads"],
      detail: {
        bucket: { name: Bucket },
        object: { key: "in/a.json", size: 2 },
        reason: "PutObject",
      },
    },
  ]);
});
