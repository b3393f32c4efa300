import type { Connection } from "./connection.ts";
import { once } from "./connection.ts";
import { explained } from "./explain.ts";
import type { KeptBy, KeptCode, KeptCodes, KeptPlace } from "./ports.ts";
import { bucketOf, ownBucket, partsOf, s3Client } from "./s3-client.ts";

/**
 * In the bucket of the bootstrap stack (AWS CDK developer guide, "Bootstrapping": cdk-hnb659fds-assets-…), which every
 * machine that deploys can read. A key tells all that a list of them has to:
 * `lmi/<stack>/<its id>/<function>/<time>-<by>-<SHA-256 in hex>.zip`, with `.new` behind it until it is published.
 * Every call names the account that must own the bucket: its name can be had by another one, once it is free (Amazon
 * S3 user guide, "Verifying bucket ownership with bucket owner condition").
 */
export function createKeptCodes(connection: Connection): KeptCodes {
  const s3 = once(() => s3Client(connection));
  const { target } = connection;
  return {
    bucket: bucketOf,
    list: (place) =>
      explained(target, async () => {
        const { sdk, client } = await s3();
        const found: KeptCode[] = [];
        const request = { ...ownBucket(place), Prefix: prefixOf(place) };
        for await (const page of sdk.paginateListObjectsV2({ client }, request))
          found.push(...(page.Contents ?? []).flatMap(({ Key, Size }) => parse(Key, Size)));
        return found.toSorted((one, other) => one.at.getTime() - other.at.getTime());
      }),
    store: (place, { zip, ...code }) =>
      explained(target, async () => {
        const { sdk, client } = await s3();
        const Key = `${keyOf(place, code)}${notYet}`;
        await client.send(new sdk.PutObjectCommand({ ...ownBucket(place), Key, Body: zip }));
        return Key;
      }),
    keep: (place, { source, ...code }) =>
      explained(target, async () => {
        const { sdk, client } = await s3();
        const own = ownBucket(place);
        const Key = keyOf(place, code);
        const CopySource = `${own.Bucket}/${source.key}`;
        const ExpectedSourceBucketOwner = own.ExpectedBucketOwner;
        await client.send(
          new sdk.CopyObjectCommand({ ...own, Key, CopySource, ExpectedSourceBucketOwner }),
        );
        return Key;
      }),
    storeTemplate: (place, template) =>
      explained(target, async () => {
        const { sdk, client } = await s3();
        const Key = `${stackPrefix(place)}kept.template.json`;
        await client.send(
          new sdk.PutObjectCommand({ ...ownBucket(place), Key, Body: Buffer.from(template) }),
        );
        return urlOf(place, Key, target.endpoint);
      }),
    remove: (place, keys) => explained(target, async () => remove(await s3(), place, keys)),
    forget: (place) =>
      explained(target, async () => {
        const connected = await s3();
        const request = { ...ownBucket(place), Prefix: stackPrefix(place) };
        for await (const page of connected.sdk.paginateListObjectsV2(connected, request)) {
          const keys = (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
          await remove(connected, place, keys);
        }
      }),
  };
}

/** Amazon S3 user guide, "Virtual hosting of general purpose buckets". An endpoint of our own has no subdomains. */
function urlOf(place: Pick<KeptPlace, "stackId">, key: string, endpoint?: string): string {
  const bucket = bucketOf(place);
  if (endpoint !== undefined) return `${endpoint}/${bucket}/${key}`;
  const { region } = partsOf(place.stackId);
  return `https://${bucket}.s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}/${key}`;
}

async function remove(
  { sdk, client }: Awaited<ReturnType<typeof s3Client>>,
  place: Pick<KeptPlace, "stackId">,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
  const command = new sdk.DeleteObjectsCommand({ ...ownBucket(place), Delete });
  // What stays is told in an answer of status 200 (Amazon S3 API reference, DeleteObjects: Errors).
  const { Errors: [stays] = [] } = await client.send(command);
  if (stays === undefined) return;
  throw Object.assign(new Error(`${stays.Key}: ${stays.Message}`), {
    name: stays.Code ?? "InternalError",
  });
}

function stackPrefix({ stackId }: Pick<KeptPlace, "stackId">): string {
  const { stackName, id } = partsOf(stackId);
  return `lmi/${stackName}/${id}/`;
}

function prefixOf({ stackId, functionName }: KeptPlace): string {
  return `${stackPrefix({ stackId })}${functionName}/`;
}

/** What stands behind a key until its code is published. */
const notYet = ".new";

function keyOf(
  place: KeptPlace,
  { at, by, codeSha256 }: Pick<KeptCode, "at" | "by" | "codeSha256">,
): string {
  return `${prefixOf(place)}${stamp(at)}-${by}-${hex(codeSha256)}.zip`;
}

function hex(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex");
}

/** `20261126T012000123Z`: sorts as text. */
function stamp(at: Date): string {
  return at.toISOString().replaceAll(/[-:.]/g, "");
}

const keyForm =
  /\/(?<date>\d{8})T(?<clock>\d{6})(?<ms>\d{3})Z-(?<by>push|deploy|rollback)-(?<sha>[0-9a-f]{64})\.zip(?<rest>|\.new)$/;

function parse(key: string | undefined, size: number | undefined): KeptCode[] {
  const { date, clock, ms, by, sha, rest } = keyForm.exec(key ?? "")?.groups ?? {};
  if (key === undefined || date === undefined || clock === undefined || sha === undefined)
    return [];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  const time = `${clock.slice(0, 2)}:${clock.slice(2, 4)}:${clock.slice(4)}`;
  const at = new Date(`${day}T${time}.${ms}Z`);
  const codeSha256 = Buffer.from(sha, "hex").toString("base64");
  return [{ key, codeSha256, at, by: by as KeptBy, size: size ?? 0, isPublished: rest === "" }];
}
