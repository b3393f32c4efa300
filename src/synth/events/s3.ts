import type { CfnResource } from "aws-cdk-lib/core";
import { s3 } from "./cdk-events.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { createRule } from "./rule.ts";
import type { S3Event } from "./s3-schema.ts";
import { bucketNameOf } from "./source-names.ts";

type Kind = S3Event["kinds"][number];

/** Amazon S3 user guide, EventBridge: the detail types of its events. */
const detailTypes: Readonly<Record<Kind, readonly string[]>> = {
  created: ["Object Created"],
  removed: ["Object Deleted"],
  restored: ["Object Restore Initiated", "Object Restore Completed", "Object Restore Expired"],
  tagged: ["Object Tags Added", "Object Tags Deleted"],
};

/**
 * A bucket is heard through EventBridge, whether it exists or lmi makes it. CloudFormation sets notifications only of
 * buckets that it makes, and one that notified the function itself would have to go before the function: where it is
 * not empty, a `destroy` would leave function, provider and instances running. So it leaves the bucket alone.
 */
export function createS3Event(parts: EventParts<S3Event>): CreatedEvent {
  const { id, event } = parts;
  const bucket = event.bucket === undefined ? createBucket(parts) : undefined;
  createRule(parts, {
    pattern: patternOf(event, bucket?.ref ?? event.bucket ?? ""),
    bus: "default",
    input: undefined,
    enabled: true,
  });
  const description = "Bucket whose objects call the function";
  return {
    statements: [],
    outputs: bucket ? [{ id: `${id}BucketName`, description, value: bucket.ref }] : [],
  };
}

function patternOf({ kinds, prefix, suffix }: S3Event, bucket: string) {
  const key =
    prefix !== undefined && suffix !== undefined
      ? [{ wildcard: `${literal(prefix)}*${literal(suffix)}` }]
      : [
          ...(prefix === undefined ? [] : [{ prefix }]),
          ...(suffix === undefined ? [] : [{ suffix }]),
        ];
  return {
    source: ["aws.s3"],
    "detail-type": [...new Set(kinds)].flatMap((kind) => detailTypes[kind]),
    detail: {
      bucket: { name: [bucket] },
      ...(key.length === 0 ? {} : { object: { key } }),
    },
  };
}

/** A star that is meant (Amazon EventBridge user guide, eb-create-pattern-operators, wildcards). */
const literal = (text: string) => text.replaceAll(/[\\*]/g, String.raw`\$&`);

function createBucket({ stack, id, event, environment }: EventParts<S3Event>): CfnResource {
  const bucketName = bucketNameOf(event, environment);
  const { CfnBucket } = s3();
  return new CfnBucket(stack, `${id}Bucket`, {
    ...(bucketName === undefined ? {} : { bucketName }),
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        { serverSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    notificationConfiguration: { eventBridgeConfiguration: { eventBridgeEnabled: true } },
  });
}
