import type { EventFacts, EventFinding } from "./event-facts.ts";
import type { S3Event } from "./s3-schema.ts";
import { bucketNameOf } from "./source-names.ts";

export const s3Facts: EventFacts<S3Event> = {
  identity: ({ bucket, bucketName, prefix = "", suffix = "" }) =>
    bucket === undefined ? (bucketName ?? "") : JSON.stringify([bucket, prefix, suffix]),
  names: (event, environment) => {
    const name = bucketNameOf(event, environment);
    return name === undefined ? [] : [{ kind: "bucket", name, key: "bucketName" }];
  },
  rules: (event) => [...mootFindings(event), ...eventBridgeFindings(event)],
};

function mootFindings({ bucket, bucketName, eventBridge }: S3Event): EventFinding[] {
  const exists = bucket !== undefined;
  const [key, value, message] = exists
    ? ([
        "bucketName",
        bucketName,
        "says something of the bucket that lmi makes, but bucket names one that exists",
      ] as const)
    : ([
        "eventBridge",
        eventBridge,
        "says something of a bucket that exists, and bucket names none",
      ] as const);
  return value === undefined ? [] : [{ key, value, message, code: "event-bucket-moot" }];
}

/** CloudFormation changes notifications of its own buckets alone. */
function eventBridgeFindings({ bucket, eventBridge }: S3Event): EventFinding[] {
  if (bucket === undefined || eventBridge === true) return [];
  return [
    {
      key: "bucket",
      value: bucket,
      message:
        "must send its events to EventBridge, which is not looked up here: switch it on in the bucket's properties (event notifications, Amazon EventBridge), then set eventBridge to true",
      code: "event-bucket-eventbridge",
      severity: "warning",
    },
  ];
}
