import { createHash } from "node:crypto";
import { Aws } from "../cdk.ts";
import { s3 } from "./cdk-events.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { permitSource } from "./permission.ts";
import { createRule } from "./rule.ts";
import type { S3Event } from "./s3-schema.ts";

type Kind = S3Event["kinds"][number];

/** The same in S3's words and in EventBridge's (Amazon S3 user guide, notification-how-to-event-types-and-destinations, ev-events). */
const words: Readonly<
  Record<Kind, { readonly s3: readonly string[]; readonly eventBridge: readonly string[] }>
> = {
  created: { s3: ["s3:ObjectCreated:*"], eventBridge: ["Object Created"] },
  removed: {
    s3: ["s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"],
    eventBridge: ["Object Deleted"],
  },
  restored: {
    s3: ["s3:ObjectRestore:*"],
    eventBridge: ["Object Restore Initiated", "Object Restore Completed", "Object Restore Expired"],
  },
  tagged: {
    s3: ["s3:ObjectTagging:*"],
    eventBridge: ["Object Tags Added", "Object Tags Deleted"],
  },
};

/**
 * CloudFormation sets notifications of a bucket only where it makes the bucket. One that exists is heard through
 * EventBridge, which it must send its events to.
 */
export function createS3Event(parts: EventParts<S3Event>): CreatedEvent {
  const { bucket } = parts.event;
  if (bucket === undefined) return createBucket(parts);
  createRule(parts, {
    pattern: patternOf(parts.event, bucket),
    bus: "default",
    input: undefined,
    enabled: true,
  });
  return { statements: [] };
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
    "detail-type": [...new Set(kinds)].flatMap((kind) => words[kind].eventBridge),
    detail: {
      bucket: { name: [bucket] },
      ...(key.length === 0 ? {} : { object: { key } }),
    },
  };
}

/** A star that is meant (Amazon EventBridge user guide, eb-create-pattern-operators, wildcards). */
const literal = (text: string) => text.replaceAll(/[\\*]/g, String.raw`\$&`);

/**
 * The bucket's name is fixed: its permission must be there before it and names it, so it cannot be one that
 * CloudFormation chooses when it makes the bucket.
 */
function createBucket(parts: EventParts<S3Event>): CreatedEvent {
  const { stack, id, event, environment, target } = parts;
  const bucketName =
    event.bucketName === undefined
      ? defaultName(`${stack.stackName}/${id}`)
      : [event.bucketName, ...(environment ? [environment.toLowerCase()] : [])].join("-");
  const permission = permitSource(parts, {
    service: "s3",
    sourceArn: `arn:${Aws.PARTITION}:s3:::${bucketName}`,
    sourceAccount: Aws.ACCOUNT_ID,
  });
  const { CfnBucket } = s3();
  const bucket = new CfnBucket(stack, `${id}Bucket`, {
    bucketName,
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
    notificationConfiguration: {
      lambdaConfigurations: [...new Set(event.kinds)]
        .flatMap((kind) => words[kind].s3)
        .map((name) => ({ event: name, function: target.attrArn, ...filterOf(event) })),
    },
  });
  bucket.addResourceDependency(permission);
  const description = "Bucket whose objects call the function";
  return {
    statements: [],
    outputs: [{ id: `${id}BucketName`, description, value: bucket.ref }],
  };
}

function filterOf({ prefix, suffix }: S3Event) {
  const rules = [
    ...(prefix === undefined ? [] : [{ name: "prefix", value: prefix }]),
    ...(suffix === undefined ? [] : [{ name: "suffix", value: suffix }]),
  ];
  return rules.length === 0 ? {} : { filter: { s3Key: { rules } } };
}

/** 63 characters at most, with an account of 12 and a region of up to 14. */
function defaultName(path: string): string {
  const hash = createHash("sha256").update(path).digest("hex").slice(0, 8);
  const stack = path.split("/")[0] ?? "";
  const beginning = stack
    .toLowerCase()
    .slice(0, 24)
    .replaceAll(/[^a-z0-9]+/g, "-");
  return `${beginning.replace(/-$/, "")}-${hash}-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
}
