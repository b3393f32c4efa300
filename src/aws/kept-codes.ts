import type { Connection } from "./connection.ts";
import { once } from "./connection.ts";
import { explained } from "./explain.ts";
import type { KeptBy, KeptCode, KeptCodes, KeptPlace } from "./ports.ts";
import { bucketOf, partsOf, s3Client } from "./s3-client.ts";

/**
 * In the bucket of the bootstrap stack (AWS CDK developer guide, "Bootstrapping": cdk-hnb659fds-assets-…), which every
 * machine that deploys can read. A key tells all that a list of them has to:
 * `lmi/<stack>/<its id>/<function>/<time>-<by>-<SHA-256 in hex>.zip`.
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
        const request = { Bucket: bucketOf(place), Prefix: prefixOf(place) };
        for await (const page of sdk.paginateListObjectsV2({ client }, request))
          found.push(...(page.Contents ?? []).flatMap(({ Key, Size }) => parse(Key, Size)));
        return found.toSorted((one, other) => one.at.getTime() - other.at.getTime());
      }),
    keep: (place, { codeSha256, at, by, source }) =>
      explained(target, async () => {
        const { sdk, client } = await s3();
        const Bucket = bucketOf(place);
        const Key = `${prefixOf(place)}${stamp(at)}-${by}-${hex(codeSha256)}.zip`;
        await (source instanceof Uint8Array
          ? client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: source }))
          : client.send(
              new sdk.CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${source.key}` }),
            ));
        return Key;
      }),
    remove: (place, keys) =>
      explained(target, async () => remove(await s3(), bucketOf(place), keys)),
    forget: (place) =>
      explained(target, async () => {
        const connected = await s3();
        const request = { Bucket: bucketOf(place), Prefix: stackPrefix(place) };
        for await (const page of connected.sdk.paginateListObjectsV2(connected, request)) {
          const keys = (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
          await remove(connected, bucketOf(place), keys);
        }
      }),
  };
}

async function remove(
  { sdk, client }: Awaited<ReturnType<typeof s3Client>>,
  Bucket: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
  await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete }));
}

function stackPrefix({ stackId }: Pick<KeptPlace, "stackId">): string {
  const { stackName, id } = partsOf(stackId);
  return `lmi/${stackName}/${id}/`;
}

function prefixOf({ stackId, functionName }: KeptPlace): string {
  return `${stackPrefix({ stackId })}${functionName}/`;
}

function hex(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex");
}

/** `20261126T012000123Z`: sorts as text. */
function stamp(at: Date): string {
  return at.toISOString().replaceAll(/[-:.]/g, "");
}

const keyForm =
  /\/(?<date>\d{8})T(?<clock>\d{6})(?<ms>\d{3})Z-(?<by>push|deploy|rollback)-(?<sha>[0-9a-f]{64})\.zip$/;

function parse(key: string | undefined, size: number | undefined): KeptCode[] {
  const { date, clock, ms, by, sha } = keyForm.exec(key ?? "")?.groups ?? {};
  if (key === undefined || date === undefined || clock === undefined || sha === undefined)
    return [];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  const time = `${clock.slice(0, 2)}:${clock.slice(2, 4)}:${clock.slice(4)}`;
  const at = new Date(`${day}T${time}.${ms}Z`);
  const codeSha256 = Buffer.from(sha, "hex").toString("base64");
  return [{ key, codeSha256, at, by: by as KeptBy, size: size ?? 0 }];
}
