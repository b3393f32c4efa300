import { createHash } from "node:crypto";
import type {
  AbortMultipartUploadRequest,
  CompleteMultipartUploadRequest,
  CreateMultipartUploadRequest,
  UploadPartCopyRequest,
  UploadPartRequest,
} from "@aws-sdk/client-s3";
import type { Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";
import { checkWriteConditions, parseRange } from "./conditions.ts";
import { copySource } from "./copies.ts";
import { checkContent, headersOf, md5, parseTagging } from "./object-content.ts";
import { checkKey, newId, newVersionId } from "./objects.ts";
import { invalidArgument, noSuchUpload } from "./s3-errors.ts";
import type { ObjectHeaders, ObjectVersion, S3Store } from "./s3-store.ts";

interface Part {
  readonly sha256: string;
  readonly md5: string;
  readonly size: number;
  readonly lastModified: string;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiated: string;
  readonly headers: ObjectHeaders;
  readonly tags: ObjectVersion["tags"];
  readonly parts: Readonly<Record<string, Part>>;
}

interface UploadInput {
  readonly Bucket?: string | undefined;
  readonly UploadId?: string | undefined;
}

/** Source of limits: Amazon S3 user guide, "Multipart upload limits". */
const maxParts = 10_000;
const minPartBytes = 5 * 1024 * 1024;

export function multipartOperations(
  target: TargetContext,
  store: S3Store,
): Record<string, Operation> {
  const uploads = target.state.collection<Upload>("s3.uploads");
  return {
    async CreateMultipartUpload(input: CreateMultipartUploadRequest) {
      const { name } = store.bucket(input.Bucket);
      const key = input.Key ?? "";
      checkKey(key);
      const id = newId(48);
      const initiated = target.clock.now().toISOString();
      uploads.put(name, id, {
        id,
        key,
        initiated,
        headers: headersOf(input),
        tags: parseTagging(input.Tagging),
        parts: {},
      });
      return { Bucket: name, Key: key, UploadId: id, ServerSideEncryption: "AES256" };
    },

    ...partOperations(target, store, uploads),

    async AbortMultipartUpload(input: AbortMultipartUploadRequest) {
      const upload = findUpload(store, uploads, input);
      uploads.delete(input.Bucket ?? "", upload.id);
      return {};
    },

    CompleteMultipartUpload: (input: CompleteMultipartUploadRequest) =>
      complete(target, store, uploads, input),
  };
}

function partOperations(
  target: TargetContext,
  store: S3Store,
  uploads: Collection<Upload>,
): Record<string, Operation> {
  return {
    async UploadPart(input: UploadPartRequest) {
      const body = (input.Body ?? Buffer.alloc(0)) as Buffer;
      checkContent(input, body);
      const part = await storePart(target, store, uploads, input, body);
      return {
        ETag: `"${part.md5}"`,
        ServerSideEncryption: "AES256",
        ChecksumCRC32: input.ChecksumCRC32,
      };
    },

    async UploadPartCopy(input: UploadPartCopyRequest) {
      const source = copySource(store, input.CopySource);
      const content = await target.blobs.get(source.sha256);
      const range = parseRange(input.CopySourceRange, source.size);
      const body = range === undefined ? content : content.subarray(range.start, range.end + 1);
      const part = await storePart(target, store, uploads, input, body);
      return {
        CopyPartResult: { ETag: `"${part.md5}"`, LastModified: new Date(part.lastModified) },
      };
    },
  };
}

export function findUpload(
  store: S3Store,
  uploads: Collection<Upload>,
  input: UploadInput,
): Upload {
  const { name } = store.bucket(input.Bucket);
  const upload = uploads.get(name, input.UploadId ?? "");
  if (upload === undefined) throw noSuchUpload(input.UploadId ?? "");
  return upload;
}

async function storePart(
  target: TargetContext,
  store: S3Store,
  uploads: Collection<Upload>,
  input: UploadInput & { readonly PartNumber?: number | undefined },
  body: Buffer,
): Promise<Part> {
  const number = input.PartNumber ?? 0;
  if (!Number.isInteger(number) || number < 1 || number > maxParts) {
    throw invalidArgument(`Part number must be an integer between 1 and ${maxParts}, inclusive`);
  }
  const part: Part = {
    sha256: await target.blobs.put(body),
    md5: md5(body),
    size: body.length,
    lastModified: target.clock.now().toISOString(),
  };
  // Read again after the wait: parts arrive at the same time.
  const upload = findUpload(store, uploads, input);
  uploads.put(input.Bucket ?? "", upload.id, {
    ...upload,
    parts: { ...upload.parts, [number]: part },
  });
  return part;
}

async function complete(
  target: TargetContext,
  store: S3Store,
  uploads: Collection<Upload>,
  input: CompleteMultipartUploadRequest,
): Promise<object> {
  const bucket = store.bucket(input.Bucket);
  const upload = findUpload(store, uploads, input);
  const parts = chosenParts(upload, input);
  const body = Buffer.concat(
    await Promise.all(parts.map(({ sha256 }) => target.blobs.get(sha256))),
  );
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.md5, "hex")));
  const version: ObjectVersion = {
    versionId: newVersionId(store, bucket),
    lastModified: target.clock.now().toISOString(),
    deleteMarker: false,
    sha256: await target.blobs.put(body),
    size: body.length,
    // The tag of a multipart object is the MD5 of its parts' MD5s, with their number.
    etag: `"${createHash("md5").update(digests).digest("hex")}-${parts.length}"`,
    headers: upload.headers,
    checksums: {},
    tags: upload.tags,
  };
  target.state.transaction(() => {
    // Aborted, completed by somebody else, or its bucket gone while the parts were put together.
    findUpload(store, uploads, input);
    checkWriteConditions(input, store.versions(bucket.name, upload.key)[0]);
    store.addVersion(bucket.name, upload.key, version);
    uploads.delete(bucket.name, upload.id);
  });
  return {
    Location: `${target.endpoint()}/${bucket.name}/${upload.key}`,
    Bucket: bucket.name,
    Key: upload.key,
    ETag: version.etag,
    VersionId: version.versionId === "null" ? undefined : version.versionId,
  };
}

function chosenParts(upload: Upload, input: CompleteMultipartUploadRequest): Part[] {
  const chosen = input.MultipartUpload?.Parts ?? [];
  if (chosen.length === 0) throw malformed("You must specify at least one part");
  const numbers = chosen.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, index) => number <= (numbers[index - 1] ?? 0)))
    throw invalidPartOrder();
  return chosen.map(({ PartNumber = 0, ETag = "" }, index) => {
    const part = upload.parts[PartNumber];
    if (part === undefined || part.md5 !== ETag.replaceAll('"', "")) throw invalidPart(PartNumber);
    if (index < chosen.length - 1 && part.size < minPartBytes) throw tooSmall(part.size);
    return part;
  });
}

function malformed(message: string): ServiceError {
  return new ServiceError("MalformedXML", message, { status: 400 });
}

function invalidPart(number: number): ServiceError {
  const message =
    "One or more of the specified parts could not be found. The part may not have been uploaded, " +
    "or the specified entity tag may not match the part's entity tag.";
  return new ServiceError("InvalidPart", message, { status: 400, members: { PartNumber: number } });
}

function invalidPartOrder(): ServiceError {
  const message =
    "The list of parts was not in ascending order. Parts must be ordered by part number.";
  return new ServiceError("InvalidPartOrder", message, { status: 400 });
}

function tooSmall(size: number): ServiceError {
  const message = "Your proposed upload is smaller than the minimum allowed size";
  return new ServiceError("EntityTooSmall", message, {
    status: 400,
    members: { ProposedSize: size, MinSizeAllowed: minPartBytes },
  });
}
