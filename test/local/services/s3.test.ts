import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, test } from "vitest";
import { startTestTarget, type TestTarget } from "../../helpers/local-target.ts";

let target: TestTarget;
let s3: S3Client;

beforeEach(async () => {
  target = await startTestTarget({ manual: true });
  s3 = target.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
  return () => target.close();
});

test("a bucket that is not of the expected account is refused", async () => {
  const ExpectedBucketOwner = "000000000000";
  await s3.send(
    new PutObjectCommand({ Bucket: "bucket", Key: "own", Body: "1", ExpectedBucketOwner }),
  );
  const refused = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };
  const other = { Bucket: "bucket", ExpectedBucketOwner: "111111111111" };
  await expect(s3.send(new ListObjectsV2Command(other))).rejects.toMatchObject(refused);
  const copy = { Bucket: "bucket", Key: "copy", CopySource: "bucket/own" };
  await expect(
    s3.send(new CopyObjectCommand({ ...copy, ExpectedSourceBucketOwner: "111111111111" })),
  ).rejects.toMatchObject(refused);
});

const put = (Key: string, Body: string, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket: "bucket", Key, Body, ...more }));

const read = async (Key: string, more: object = {}) => {
  const { Body, ...rest } = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key, ...more }));
  return { ...rest, text: await Body?.transformToString() };
};

describe("objects", () => {
  test("come back with their content, headers and checksums, whatever their key", async () => {
    const key = "a b/ü&<+>%2F'.txt";
    await put(key, "hello", {
      ContentType: "text/plain",
      CacheControl: "no-cache",
      Metadata: { who: "me" },
      ChecksumAlgorithm: "CRC32",
    });
    // MD5 of "hello", and its CRC32 in base64.
    expect(await read(key, { ChecksumMode: "ENABLED" })).toMatchObject({
      text: "hello",
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ChecksumCRC32: "NhCmhg==",
      ContentType: "text/plain",
      CacheControl: "no-cache",
      Metadata: { who: "me" },
    });
    expect(await s3.send(new ListObjectsV2Command({ Bucket: "bucket" }))).toMatchObject({
      Contents: [{ Key: key, Size: 5 }],
    });
  });

  test("a wrong checksum is refused and nothing is stored", async () => {
    await expect(put("k", "hello", { ChecksumCRC32: "AAAAAA==" })).rejects.toMatchObject({
      name: "BadDigest",
    });
    await expect(read("k")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  test("are read in part, and only on the caller's conditions", async () => {
    const { ETag } = await put("k", "0123456789");
    expect(await read("k", { Range: "bytes=2-4" })).toMatchObject({
      text: "234",
      ContentRange: "bytes 2-4/10",
    });
    expect((await read("k", { Range: "bytes=-3" })).text).toBe("789");
    await expect(read("k", { Range: "bytes=10-" })).rejects.toMatchObject({ name: "InvalidRange" });
    await expect(read("k", { IfMatch: '"other"' })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    await expect(read("k", { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(put("k", "x", { IfNoneMatch: "*" })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
  });

  test("are copied and deleted", async () => {
    await put("a", "hello", { Metadata: { who: "me" } });
    await s3.send(new CopyObjectCommand({ Bucket: "bucket", Key: "b", CopySource: "bucket/a" }));
    expect(await read("b")).toMatchObject({ text: "hello", Metadata: { who: "me" } });
    const { Deleted } = await s3.send(
      new DeleteObjectsCommand({
        Bucket: "bucket",
        Delete: { Objects: [{ Key: "a" }, { Key: "b" }] },
      }),
    );
    expect(Deleted?.map(({ Key }) => Key)).toEqual(["a", "b"]);
    await expect(
      s3.send(new HeadObjectCommand({ Bucket: "bucket", Key: "a" })),
    ).rejects.toMatchObject({
      name: "NotFound",
    });
  });

  test("survive a restart", async () => {
    await put("k", "hello");
    const { stateDir } = target;
    const second = await (async () => {
      const { cp, mkdtemp } = await import("node:fs/promises");
      const copy = await mkdtemp(join(tmpdir(), "lmi-copy-"));
      // A copy of the running target's files is what a kill at this moment would leave.
      await cp(stateDir, copy, { recursive: true });
      return startTestTarget({ stateDir: copy });
    })();
    const { Body } = await second
      .client(S3Client)
      .send(new GetObjectCommand({ Bucket: "bucket", Key: "k" }));
    expect(await Body?.transformToString()).toBe("hello");
    await second.close();
    const { rm } = await import("node:fs/promises");
    await rm(second.stateDir, { recursive: true });
  });
});

test("a listing is paged, and keys below a delimiter are one prefix", async () => {
  for (const key of ["a/1", "a/2", "b/1", "c", "d"]) await put(key, "x");
  const first = await s3.send(
    new ListObjectsV2Command({ Bucket: "bucket", Delimiter: "/", MaxKeys: 3 }),
  );
  expect(first).toMatchObject({ IsTruncated: true, KeyCount: 3, Contents: [{ Key: "c" }] });
  expect(first.CommonPrefixes).toEqual([{ Prefix: "a/" }, { Prefix: "b/" }]);
  const second = await s3.send(
    new ListObjectsV2Command({
      Bucket: "bucket",
      Delimiter: "/",
      ContinuationToken: first.NextContinuationToken,
    }),
  );
  expect(second).toMatchObject({ IsTruncated: false, Contents: [{ Key: "d" }] });
  expect(second.CommonPrefixes).toBeUndefined();
});

test("a versioned bucket keeps what is deleted and is not empty until all versions are gone", async () => {
  const VersioningConfiguration = { Status: "Enabled" as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket: "bucket", VersioningConfiguration }));
  const { VersionId } = await put("k", "one");
  await put("k", "two");
  await s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "k" }));
  await expect(read("k")).rejects.toMatchObject({ name: "NoSuchKey" });
  expect((await read("k", { VersionId })).text).toBe("one");
  await expect(s3.send(new DeleteBucketCommand({ Bucket: "bucket" }))).rejects.toMatchObject({
    name: "BucketNotEmpty",
  });

  const { Versions = [], DeleteMarkers = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: "bucket" }),
  );
  expect([Versions.length, DeleteMarkers.length]).toEqual([2, 1]);
  const Objects = [...Versions, ...DeleteMarkers].map((version) => ({
    Key: version.Key,
    VersionId: version.VersionId,
  }));
  await s3.send(new DeleteObjectsCommand({ Bucket: "bucket", Delete: { Objects } }));
  await s3.send(new DeleteBucketCommand({ Bucket: "bucket" }));
  await expect(put("k", "x")).rejects.toMatchObject({ name: "NoSuchBucket" });
});

test("parts make one object, in their order", async () => {
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket: "bucket", Key: "big" }),
  );
  const part = async (PartNumber: number, Body: Buffer) => {
    const { ETag } = await s3.send(
      new UploadPartCommand({ Bucket: "bucket", Key: "big", UploadId, PartNumber, Body }),
    );
    return { PartNumber, ETag };
  };
  const large = Buffer.alloc(5 * 1024 * 1024, "a");
  const Parts = [await part(1, large), await part(2, Buffer.from("end"))];
  const complete = (parts: typeof Parts) =>
    s3.send(
      new CompleteMultipartUploadCommand({
        Bucket: "bucket",
        Key: "big",
        UploadId,
        MultipartUpload: { Parts: parts },
      }),
    );
  await expect(complete(Parts.toReversed())).rejects.toMatchObject({ name: "InvalidPartOrder" });
  expect((await complete(Parts)).ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
  expect((await read("big", { Range: "bytes=5242879-" })).text).toBe("aend");
});

test("settings of a bucket come back, and what was never set answers as on AWS", async () => {
  const read1 = new GetBucketLifecycleConfigurationCommand({ Bucket: "bucket" });
  await expect(s3.send(read1)).rejects.toMatchObject({ name: "NoSuchLifecycleConfiguration" });
  const Rules = [
    { ID: "old", Status: "Enabled" as const, Filter: { Prefix: "x" }, Expiration: { Days: 3 } },
  ];
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: "bucket",
      LifecycleConfiguration: { Rules },
    }),
  );
  expect((await s3.send(read1)).Rules).toEqual(Rules);
  const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket: "bucket" }));
  expect(encryption.ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject({
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
  });
  await expect(s3.send(new CreateBucketCommand({ Bucket: "bucket" }))).rejects.toMatchObject({
    name: "BucketAlreadyOwnedByYou",
  });
});

test("a bucket in another region says so, and is reached through its host name too", async () => {
  await target.client(S3Client, { region: "eu-west-1" }).send(
    new CreateBucketCommand({
      Bucket: "west",
      CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
    }),
  );
  expect((await s3.send(new GetBucketLocationCommand({ Bucket: "west" }))).LocationConstraint).toBe(
    "eu-west-1",
  );
  await s3.send(new PutObjectCommand({ Bucket: "west", Key: "k", Body: "hello" }));
  // Not every machine's resolver knows names below localhost, so the name is given by hand.
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { host: `west.localhost:${target.port}`, authorization };
    request(
      { host: "127.0.0.1", port: target.port, path: "/k", headers, agent: false },
      (response) => {
        let body = "";
        response
          .on("data", (chunk: Buffer) => (body += chunk.toString()))
          .on("end", () => resolve(body));
      },
    )
      .on("error", reject)
      .end();
  });
  expect(text).toBe("hello");
});

const authorization = `AWS4-HMAC-SHA256 Credential=AKID/20261123/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=${"a".repeat(64)}`;
