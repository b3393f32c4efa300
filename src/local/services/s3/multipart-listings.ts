import type { ListMultipartUploadsRequest, ListPartsRequest } from "@aws-sdk/client-s3";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { commonPrefix } from "./listings.ts";
import { findUpload, type Upload } from "./multipart.ts";
import { invalidArgument } from "./s3-errors.ts";
import type { S3Store } from "./s3-store.ts";

/** Source: Amazon S3 user guide, "Multipart upload limits": uploads and parts come 1,000 at once. */
const maxPage = 1000;

const owner = ({ accountId }: CallContext) => ({ ID: accountId.padEnd(64, "0") });

export function multipartListingOperations(
  target: TargetContext,
  store: S3Store,
): Record<string, Operation> {
  const uploads = target.state.collection<Upload>("s3.uploads");
  return {
    ListMultipartUploads: async (input: ListMultipartUploadsRequest, context: CallContext) =>
      listUploads(uploads.list(store.bucket(input.Bucket).name), input, context),

    async ListParts(input: ListPartsRequest, context: CallContext) {
      const upload = findUpload(store, uploads, input);
      const after = Number(input.PartNumberMarker ?? 0);
      if (!Number.isInteger(after) || after < 0)
        throw invalidArgument("part-number-marker must be an integer between 0 and 2147483647");
      const rest = Object.entries(upload.parts)
        .map(([number, part]) => ({ number: Number(number), part }))
        .filter(({ number }) => number > after);
      const size = Math.min(input.MaxParts ?? maxPage, maxPage);
      const page = rest.slice(0, size);
      return {
        Bucket: input.Bucket,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: String(after),
        NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
        MaxParts: size,
        IsTruncated: page.length < rest.length,
        Parts: page.map(({ number, part }) => ({
          PartNumber: number,
          ETag: `"${part.md5}"`,
          Size: part.size,
          LastModified: new Date(part.lastModified),
        })),
        Initiator: owner(context),
        Owner: owner(context),
        StorageClass: "STANDARD",
      };
    },
  };
}

function listUploads(
  uploads: readonly Upload[],
  input: ListMultipartUploadsRequest,
  context: CallContext,
): object {
  const query = { prefix: input.Prefix ?? "", delimiter: input.Delimiter ?? "" };
  const sorted = uploads
    .filter(({ key }) => key.startsWith(query.prefix))
    .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  const below = (upload: Upload) => commonPrefix(upload.key, query) !== undefined;
  const rest = sorted.filter((upload) => !below(upload) && isAfter(upload, input));
  const page = rest.slice(0, Math.min(input.MaxUploads ?? maxPage, maxPage));
  const last = page.length < rest.length ? page.at(-1) : undefined;
  const prefixes = new Set(sorted.filter(below).map(({ key }) => commonPrefix(key, query)));
  return {
    Bucket: input.Bucket,
    KeyMarker: input.KeyMarker ?? "",
    UploadIdMarker: input.UploadIdMarker ?? "",
    NextKeyMarker: last?.key,
    NextUploadIdMarker: last?.id,
    Prefix: input.Prefix,
    Delimiter: input.Delimiter,
    MaxUploads: input.MaxUploads ?? maxPage,
    IsTruncated: last !== undefined,
    Uploads: page.map(({ id, key, initiated }) => ({
      UploadId: id,
      Key: key,
      Initiated: new Date(initiated),
      StorageClass: "STANDARD",
      Owner: owner(context),
      Initiator: owner(context),
    })),
    CommonPrefixes: [...prefixes].map((Prefix) => ({ Prefix })),
  };
}

/** Uploads come in the order of their keys, those of one key in the order of their ids. */
const placeOf = ({ key, id }: Pick<Upload, "key" | "id">) => `${key}\0${id}`;

function isAfter(upload: Upload, input: ListMultipartUploadsRequest): boolean {
  const { KeyMarker: key = "", UploadIdMarker: id } = input;
  if (key === "") return true;
  return id ? placeOf(upload) > placeOf({ key, id }) : upload.key > key;
}
