import type { ListObjectsRequest, ListObjectsV2Request } from "@aws-sdk/client-s3";
import type { CallContext, Operation } from "../../service.ts";
import { continuationToken, readContinuationToken } from "./continuation.ts";
import type { ObjectVersion, S3Store, StoredObject } from "./s3-store.ts";

/** Source: Amazon S3 API reference, ListObjectsV2: at most 1,000 keys at once. */
export const maxPage = 1000;

export interface Entry {
  readonly key: string;
  readonly version: ObjectVersion;
  readonly latest: boolean;
}

interface Page {
  readonly entries: readonly Entry[];
  readonly prefixes: readonly string[];
  /** The last key or prefix of this page, when there is more. */
  readonly next: string | undefined;
}

interface PageQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly after: string;
  readonly limit: number;
}

export function listingOperations(store: S3Store): Record<string, Operation> {
  return {
    async ListObjectsV2(input: ListObjectsV2Request, context: CallContext) {
      const { name } = store.bucket(input.Bucket);
      const token = input.ContinuationToken
        ? readContinuationToken(input.ContinuationToken)
        : undefined;
      const page = pageOf(store.objects(name), queryOf(input, token ?? input.StartAfter));
      const encode = encoderFor(input.EncodingType);
      return {
        ...echo(input, name, encode),
        IsTruncated: page.next !== undefined,
        Contents: page.entries.map((entry) =>
          contentOf(entry, encode, input.FetchOwner === true, context),
        ),
        CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        KeyCount: page.entries.length + page.prefixes.length,
        ContinuationToken: input.ContinuationToken,
        NextContinuationToken: page.next && continuationToken(page.next),
        StartAfter: input.StartAfter && encode(input.StartAfter),
      };
    },

    async ListObjects(input: ListObjectsRequest, context: CallContext) {
      const { name } = store.bucket(input.Bucket);
      const page = pageOf(store.objects(name), queryOf(input, input.Marker));
      const encode = encoderFor(input.EncodingType);
      return {
        ...echo(input, name, encode),
        Marker: encode(input.Marker ?? ""),
        IsTruncated: page.next !== undefined,
        NextMarker: input.Delimiter && page.next && encode(page.next),
        Contents: page.entries.map((entry) => contentOf(entry, encode, true, context)),
        CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      };
    },
  };
}

interface ListInput {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly EncodingType?: string | undefined;
}

function queryOf(input: ListInput, after: string | undefined): PageQuery {
  return {
    prefix: input.Prefix ?? "",
    delimiter: input.Delimiter ?? "",
    after: after ?? "",
    limit: Math.min(input.MaxKeys ?? maxPage, maxPage),
  };
}

/** Keys below one common prefix count as one. */
function pageOf(objects: readonly StoredObject[], query: PageQuery): Page {
  const entries: Entry[] = [];
  const prefixes: string[] = [];
  let last = "";
  for (const object of objects) {
    const version = object.versions[0];
    const prefix = commonPrefix(object.key, query);
    const name = prefix ?? object.key;
    if (
      version === undefined ||
      version.deleteMarker ||
      !object.key.startsWith(query.prefix) ||
      name <= query.after ||
      (prefixes.at(-1) === prefix && prefix !== undefined)
    )
      continue;
    if (entries.length + prefixes.length >= query.limit)
      return { entries, prefixes, next: query.limit > 0 ? last : undefined };
    if (prefix === undefined) entries.push({ key: object.key, version, latest: true });
    else prefixes.push(prefix);
    last = name;
  }
  return { entries, prefixes, next: undefined };
}

export function commonPrefix(
  key: string,
  { prefix, delimiter }: Pick<PageQuery, "prefix" | "delimiter">,
): string | undefined {
  if (delimiter === "") return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}

export function echo(input: ListInput, name: string, encode: (text: string) => string): object {
  return {
    Name: name,
    Prefix: encode(input.Prefix ?? ""),
    Delimiter: input.Delimiter && encode(input.Delimiter),
    MaxKeys: input.MaxKeys ?? maxPage,
    EncodingType: input.EncodingType,
  };
}

export function contentOf(
  { key, version }: Entry,
  encode: (text: string) => string,
  withOwner: boolean,
  context: CallContext,
): object {
  return {
    Key: encode(key),
    LastModified: new Date(version.lastModified),
    ...(version.deleteMarker
      ? {}
      : { ETag: version.etag, Size: version.size, StorageClass: "STANDARD" }),
    Owner: withOwner ? { ID: context.accountId.padEnd(64, "0") } : undefined,
  };
}

/** With `EncodingType=url` keys travel percent-encoded, so that any character survives XML. */
export function encoderFor(type: string | undefined): (text: string) => string {
  return type === "url"
    ? (text) => encodeURIComponent(text).replaceAll("%2F", "/")
    : (text) => text;
}
