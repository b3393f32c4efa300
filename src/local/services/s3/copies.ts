import type {
  CopyObjectRequest,
  GetObjectTaggingRequest,
  PutObjectTaggingRequest,
} from "@aws-sdk/client-s3";
import type { Operation, TargetContext } from "../../service.ts";
import { checkReadConditions } from "./conditions.ts";
import { headersOf, parseTagging } from "./object-content.ts";
import { checkKey, newVersionId } from "./objects.ts";
import { invalidArgument } from "./s3-errors.ts";
import type { ObjectVersion, S3Store } from "./s3-store.ts";

export function copyOperations(target: TargetContext, store: S3Store): Record<string, Operation> {
  return {
    async CopyObject(input: CopyObjectRequest) {
      const bucket = store.bucket(input.Bucket);
      const key = input.Key ?? "";
      checkKey(key);
      const source = copySource(store, input.CopySource);
      checkReadConditions(
        {
          IfMatch: input.CopySourceIfMatch,
          IfNoneMatch: input.CopySourceIfNoneMatch,
          IfModifiedSince: input.CopySourceIfModifiedSince,
          IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
        },
        source,
      );
      const version: ObjectVersion = {
        ...source,
        versionId: newVersionId(store, bucket),
        lastModified: target.clock.now().toISOString(),
        headers: input.MetadataDirective === "REPLACE" ? headersOf(input) : source.headers,
        tags: input.TaggingDirective === "REPLACE" ? parseTagging(input.Tagging) : source.tags,
      };
      store.addVersion(bucket.name, key, version);
      return {
        CopyObjectResult: {
          ETag: version.etag,
          LastModified: new Date(version.lastModified),
          ...version.checksums,
        },
        CopySourceVersionId: source.versionId === "null" ? undefined : source.versionId,
        VersionId: version.versionId === "null" ? undefined : version.versionId,
        ServerSideEncryption: "AES256",
      };
    },

    async GetObjectTagging(input: GetObjectTaggingRequest) {
      const { name } = store.bucket(input.Bucket);
      return { TagSet: store.version(name, input.Key ?? "", input.VersionId).tags };
    },

    async PutObjectTagging(input: PutObjectTaggingRequest) {
      const { name } = store.bucket(input.Bucket);
      const version = store.version(name, input.Key ?? "", input.VersionId);
      const tags = (input.Tagging?.TagSet ?? []).map(({ Key = "", Value = "" }) => ({
        Key,
        Value,
      }));
      store.replaceVersion(name, input.Key ?? "", { ...version, tags });
      return {};
    },
  };
}

/** `bucket/key` or `/bucket/key`, percent-encoded, with `?versionId=…` where a version is meant. */
export function copySource(store: S3Store, source: string | undefined): ObjectVersion {
  const [path = "", query = ""] = (source ?? "").split("?", 2);
  const match = /^\/?(?<bucket>[^/]+)\/(?<key>.+)$/s.exec(decoded(path))?.groups;
  if (match === undefined)
    throw invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  const { name } = store.bucket(match["bucket"]);
  return store.version(
    name,
    match["key"] ?? "",
    new URLSearchParams(query).get("versionId") ?? undefined,
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidArgument("Copy Source must be URL-encoded");
  }
}
