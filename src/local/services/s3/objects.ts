import { randomBytes } from "node:crypto";
import type {
  DeleteObjectRequest,
  DeleteObjectsRequest,
  GetObjectRequest,
  HeadObjectRequest,
  PutObjectRequest,
} from "@aws-sdk/client-s3";
import type { Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { checkReadConditions, checkWriteConditions, parseRange } from "./conditions.ts";
import {
  checkContent,
  checksumsOf,
  describeVersion,
  headersOf,
  md5,
  parseTagging,
} from "./object-content.ts";
import { invalidArgument } from "./s3-errors.ts";
import type { Bucket, ObjectVersion, S3Store } from "./s3-store.ts";

/** Source: Amazon S3 user guide, "Naming Amazon S3 objects": at most 1,024 bytes of UTF-8. */
const maxKeyBytes = 1024;

export function checkKey(key: string): void {
  if (Buffer.byteLength(key) <= maxKeyBytes) return;
  throw new ServiceError("KeyTooLongError", "Your key is too long", { status: 400 });
}

export function newVersionId(store: S3Store, bucket: Bucket): string {
  return store.isVersioned(bucket) ? newId(24) : "null";
}

/** Random, and never with a hyphen first: the AWS CLI would read it as an option. */
export function newId(bytes: number): string {
  return randomBytes(bytes).toString("base64url").replace(/^-/, "_");
}

export function objectOperations(target: TargetContext, store: S3Store): Record<string, Operation> {
  return {
    PutObject: (input: PutObjectRequest) => putObject(target, store, input),
    GetObject: (input: GetObjectRequest) => getObject(target, store, input),

    async HeadObject(input: HeadObjectRequest) {
      const { name } = store.bucket(input.Bucket);
      const version = store.version(name, input.Key ?? "", input.VersionId);
      checkReadConditions(input, version);
      const described = describeVersion(version, input.ChecksumMode === "ENABLED");
      const range = parseRange(input.Range, version.size);
      return range === undefined
        ? described
        : { ...described, ContentLength: range.end - range.start + 1 };
    },

    async DeleteObject(input: DeleteObjectRequest) {
      const bucket = store.bucket(input.Bucket);
      return target.state.transaction(() =>
        deleteObject(target, store, bucket, input.Key ?? "", input.VersionId),
      );
    },

    async DeleteObjects(input: DeleteObjectsRequest) {
      const bucket = store.bucket(input.Bucket);
      const objects = input.Delete?.Objects ?? [];
      if (objects.length > 1000) throw invalidArgument("DeleteObjects takes at most 1000 keys");
      const deleted = target.state.transaction(() =>
        objects.map(({ Key = "", VersionId }) => {
          const result = deleteObject(target, store, bucket, Key, VersionId);
          const marker = result.DeleteMarker
            ? { DeleteMarker: true, DeleteMarkerVersionId: result.VersionId }
            : {};
          return { Key, VersionId, ...marker };
        }),
      );
      return { Deleted: input.Delete?.Quiet ? undefined : deleted };
    },
  };
}

async function putObject(
  target: TargetContext,
  store: S3Store,
  input: PutObjectRequest,
): Promise<object> {
  const bucket = store.bucket(input.Bucket);
  const key = input.Key ?? "";
  const body = (input.Body ?? Buffer.alloc(0)) as Buffer;
  checkKey(key);
  checkContent(input, body);
  const sha256 = await target.blobs.put(body);
  const version: ObjectVersion = {
    versionId: newVersionId(store, bucket),
    lastModified: target.clock.now().toISOString(),
    deleteMarker: false,
    sha256,
    size: body.length,
    etag: `"${md5(body)}"`,
    headers: headersOf(input),
    checksums: checksumsOf(input),
    tags: parseTagging(input.Tagging),
  };
  target.state.transaction(() => {
    store.bucket(input.Bucket);
    checkWriteConditions(input, store.versions(bucket.name, key)[0]);
    store.addVersion(bucket.name, key, version);
  });
  return {
    ETag: version.etag,
    ServerSideEncryption: "AES256",
    VersionId: version.versionId === "null" ? undefined : version.versionId,
    ...version.checksums,
  };
}

async function getObject(
  target: TargetContext,
  store: S3Store,
  input: GetObjectRequest,
): Promise<object> {
  const { name } = store.bucket(input.Bucket);
  const version = store.version(name, input.Key ?? "", input.VersionId);
  checkReadConditions(input, version);
  const range = parseRange(input.Range, version.size);
  const body = await target.blobs.get(version.sha256);
  const output = {
    ...describeVersion(version, input.ChecksumMode === "ENABLED" && range === undefined),
    ...responseHeaders(input),
  };
  if (range === undefined) return { ...output, Body: body };
  return {
    ...output,
    ContentLength: range.end - range.start + 1,
    ContentRange: `bytes ${range.start}-${range.end}/${version.size}`,
    Body: body.subarray(range.start, range.end + 1),
  };
}

/** A presigned URL may say how its answer is labelled. */
function responseHeaders(input: GetObjectRequest): Record<string, unknown> {
  const headers = {
    ContentType: input.ResponseContentType,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    CacheControl: input.ResponseCacheControl,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

/** Without a version id a versioned bucket gets a delete marker; with one, that version goes for good. */
function deleteObject(
  target: TargetContext,
  store: S3Store,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): { readonly VersionId?: string; readonly DeleteMarker?: boolean } {
  if (versionId !== undefined) {
    const marker = store
      .versions(bucket.name, key)
      .find((version) => version.versionId === versionId)?.deleteMarker;
    store.removeVersion(bucket.name, key, versionId);
    return marker ? { VersionId: versionId, DeleteMarker: true } : { VersionId: versionId };
  }
  if (!store.isVersioned(bucket)) {
    store.removeVersion(bucket.name, key, "null");
    return {};
  }
  const marker: ObjectVersion = {
    versionId: newVersionId(store, bucket),
    lastModified: target.clock.now().toISOString(),
    deleteMarker: true,
    sha256: "",
    size: 0,
    etag: "",
    headers: {},
    checksums: {},
    tags: [],
  };
  store.addVersion(bucket.name, key, marker);
  return { VersionId: marker.versionId, DeleteMarker: true };
}
