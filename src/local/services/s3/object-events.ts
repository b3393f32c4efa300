import type {
  CompleteMultipartUploadOutput,
  DeleteObjectOutput,
  DeleteObjectsRequest,
} from "@aws-sdk/client-s3";
import type { S3Store } from "./s3-store.ts";

/** What happened to an object, in S3's words and in EventBridge's. */
export interface ObjectEvent {
  /** `ObjectCreated:Put` */
  readonly name: string;
  readonly detailType: string;
  /** What EventBridge tells besides the object. */
  readonly detail: Readonly<Record<string, string>>;
  readonly key: string;
  readonly size?: number | undefined;
  readonly etag?: string | undefined;
  readonly versionId?: string | undefined;
}

interface Given {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly VersionId?: string;
}

type Tell = (input: Given, output: object, store: S3Store) => ObjectEvent[];

/** What an operation did, once it is done. */
export function objectEvents(
  operation: string,
  input: object,
  output: object,
  store: S3Store,
): ObjectEvent[] {
  return Object.hasOwn(tells, operation) ? (tells[operation]?.(input, output, store) ?? []) : [];
}

const created =
  (how: string, reason: string): Tell =>
  (input, _output, store) => {
    const { Bucket = "", Key = "" } = input;
    const version = store.version(Bucket, Key, undefined);
    return [
      {
        name: `ObjectCreated:${how}`,
        detailType: "Object Created",
        detail: { reason },
        key: Key,
        size: version.size,
        etag: version.etag.replaceAll('"', ""),
        versionId: version.versionId === "null" ? undefined : version.versionId,
      },
    ];
  };

function removed(key: string, { DeleteMarker, VersionId }: DeleteObjectOutput): ObjectEvent {
  return {
    name: `ObjectRemoved:${DeleteMarker ? "DeleteMarkerCreated" : "Delete"}`,
    detailType: "Object Deleted",
    detail: {
      reason: "DeleteObject",
      "deletion-type": DeleteMarker ? "Delete Marker Created" : "Permanently Deleted",
    },
    key,
    versionId: VersionId,
  };
}

const tells: Readonly<Record<string, Tell>> = {
  PutObject: created("Put", "PutObject"),
  CopyObject: created("Copy", "CopyObject"),
  CompleteMultipartUpload: (input, output: CompleteMultipartUploadOutput, store) =>
    created("CompleteMultipartUpload", "CompleteMultipartUpload")(
      { ...input, Key: output.Key ?? input.Key },
      output,
      store,
    ),
  DeleteObject: ({ Key = "" }, output: DeleteObjectOutput) => [removed(Key, output)],
  // With Quiet the answer names none of them.
  DeleteObjects: (input) =>
    ((input as DeleteObjectsRequest).Delete?.Objects ?? []).map(({ Key = "", VersionId }) =>
      removed(Key, { VersionId }),
    ),
  PutObjectTagging: ({ Bucket = "", Key = "", VersionId }, _output, store) => {
    const { etag, versionId } = store.version(Bucket, Key, VersionId);
    return [
      {
        name: "ObjectTagging:Put",
        detailType: "Object Tags Added",
        detail: {},
        key: Key,
        etag: etag.replaceAll('"', ""),
        versionId: versionId === "null" ? undefined : versionId,
      },
    ];
  },
};
