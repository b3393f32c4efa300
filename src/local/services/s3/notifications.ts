import { randomUUID } from "node:crypto";
import type {
  LambdaFunctionConfiguration,
  NotificationConfiguration,
  S3KeyFilter,
} from "@aws-sdk/client-s3";
import type { PushDelivery } from "../../push-delivery.ts";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { type ObjectEvent, objectEvents } from "./object-events.ts";
import type { Bucket, S3Store } from "./s3-store.ts";

/** S3 gives up on a function after a day ("at least once"; the number of attempts is not published). */
const retry = { retries: 185, maxAgeMs: 86_400_000 };

/**
 * Operations that tell functions and EventBridge what they did with objects, as the bucket's notifications ask: before
 * they answer, so that what was acknowledged is told.
 */
export function withNotifications(
  target: TargetContext,
  store: S3Store,
  delivery: PushDelivery,
  operations: Readonly<Record<string, Operation>>,
): Record<string, Operation> {
  const tell = async (name: string, input: object, output: object, context: CallContext) => {
    const bucket = store.findBucket(String(Reflect.get(input, "Bucket")));
    const configuration = bucket && configurationOf(bucket);
    if (!configuration) return;
    for (const event of objectEvents(name, input, output, store)) {
      const about = { bucket, event, now: target.clock.now(), requestId: context.requestId };
      await Promise.all([
        ...functionsFor(configuration, event).map((each) => invoke(target, delivery, each, about)),
        ...(configuration.EventBridgeConfiguration ? [putEvent(target, about)] : []),
      ]);
    }
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      async (input: never, context: CallContext) => {
        const output = await operation(input, context);
        await tell(name, input, output, context);
        return output;
      },
    ]),
  );
}

interface About {
  readonly bucket: Bucket;
  readonly event: ObjectEvent;
  readonly now: Date;
  readonly requestId: string;
}

function configurationOf({ settings }: Bucket): NotificationConfiguration | undefined {
  const configuration = settings.notification;
  const { EventBridgeConfiguration, LambdaFunctionConfigurations = [] } = configuration ?? {};
  return EventBridgeConfiguration || LambdaFunctionConfigurations.length > 0
    ? configuration
    : undefined;
}

function functionsFor(
  { LambdaFunctionConfigurations = [] }: NotificationConfiguration,
  { name, key }: ObjectEvent,
): LambdaFunctionConfiguration[] {
  return LambdaFunctionConfigurations.filter(
    ({ Events = [], Filter }) =>
      Events.some((wanted) => isKind(wanted, name)) && isInFilter(Filter?.Key, key),
  );
}

/** `s3:ObjectCreated:*` takes all of a kind. */
function isKind(wanted: string, name: string): boolean {
  const full = `s3:${name}`;
  return wanted.endsWith("*") ? full.startsWith(wanted.slice(0, -1)) : wanted === full;
}

function isInFilter(filter: S3KeyFilter | undefined, key: string): boolean {
  return (filter?.FilterRules ?? []).every(({ Name = "", Value = "" }) =>
    Name.toLowerCase() === "prefix" ? key.startsWith(Value) : key.endsWith(Value),
  );
}

function invoke(
  target: TargetContext,
  delivery: PushDelivery,
  { Id, LambdaFunctionArn = "" }: LambdaFunctionConfiguration,
  about: About,
): Promise<void> {
  const payload = JSON.stringify({ Records: [recordOf(target, Id, about)] });
  return delivery.send({
    from: `The bucket ${about.bucket.name}`,
    service: "s3",
    region: about.bucket.region,
    functionArn: LambdaFunctionArn,
    payload: () => payload,
    ...retry,
  });
}

/** Amazon S3 user guide, notification-content-structure. */
function recordOf(
  { accountId }: TargetContext,
  configurationId: string | undefined,
  { bucket, event, now, requestId }: About,
): object {
  const { key, size, etag, versionId } = event;
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: bucket.region,
    eventTime: now.toISOString(),
    eventName: event.name,
    userIdentity: { principalId: accountId },
    requestParameters: { sourceIPAddress: "127.0.0.1" },
    responseElements: { "x-amz-request-id": requestId, "x-amz-id-2": randomUUID() },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: accountId },
        arn: `arn:aws:s3:::${bucket.name}`,
      },
      object: {
        // As in a form: spaces are plus signs.
        key: new URLSearchParams({ key }).toString().slice("key=".length).replaceAll("%2F", "/"),
        ...(size === undefined ? {} : { size }),
        ...(etag === undefined ? {} : { eTag: etag }),
        ...(versionId === undefined ? {} : { versionId }),
        sequencer: sequencerOf(now),
      },
    },
  };
}

/** Amazon S3 user guide, ev-events. */
async function putEvent(target: TargetContext, { bucket, event, now, requestId }: About) {
  const { key, size, etag, versionId } = event;
  const Detail = JSON.stringify({
    version: "0",
    bucket: { name: bucket.name },
    object: {
      key,
      ...(size === undefined ? {} : { size }),
      ...(etag === undefined ? {} : { etag }),
      ...(versionId === undefined ? {} : { "version-id": versionId }),
      sequencer: sequencerOf(now),
    },
    "request-id": requestId,
    requester: target.accountId,
    "source-ip-address": "127.0.0.1",
    ...event.detail,
  });
  const entry = {
    Source: "aws.s3",
    DetailType: event.detailType,
    Detail,
    Resources: [`arn:aws:s3:::${bucket.name}`],
    Time: now,
  };
  await target.call(
    "events",
    "PutEvents",
    { Entries: [entry] },
    {
      region: bucket.region,
      accountId: target.accountId,
      requestId,
      accessKeyId: "s3.amazonaws.com",
      signal: new AbortController().signal,
    },
  );
}

/** Later ones sort behind earlier ones of the same key. */
const sequencerOf = (now: Date) => now.getTime().toString(16).toUpperCase().padStart(18, "0");
