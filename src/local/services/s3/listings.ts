import type {
  ListObjectsRequest,
  ListObjectsV2Request,
  ListObjectVersionsRequest,
} from "@aws-sdk/client-s3";
import type { CallContext, Operation } from "../../service.ts";
import type { ObjectVersion, S3Store, StoredObject } from "./s3-store.ts";

/** Source: Amazon S3 API reference, ListObjectsV2: at most 1,000 keys at once. */
const maxPage = 1000;

interface Entry {
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
  readonly allVersions: boolean;
}

export function listingOperations(store: S3Store): Record<string, Operation> {
  return {
    async ListObjectsV2(input: ListObjectsV2Request, context: CallContext) {
      const { name } = store.bucket(input.Bucket);
      const token =
        input.ContinuationToken &&
        Buffer.from(input.ContinuationToken, "base64url").toString("utf8");
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
        NextContinuationToken: page.next && Buffer.from(page.next).toString("base64url"),
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

    ...versionOperations(store),
  };
}

function versionOperations(store: S3Store): Record<string, Operation> {
  return {
    async ListObjectVersions(input: ListObjectVersionsRequest, context: CallContext) {
      const { name } = store.bucket(input.Bucket);
      const page = pageOf(store.objects(name), {
        ...queryOf(input, input.KeyMarker),
        allVersions: true,
      });
      const encode = encoderFor(input.EncodingType);
      const describe = (entry: Entry) => ({
        ...contentOf(entry, encode, true, context),
        VersionId: entry.version.versionId,
        IsLatest: entry.latest,
      });
      return {
        ...echo(input, name, encode),
        KeyMarker: encode(input.KeyMarker ?? ""),
        VersionIdMarker: input.VersionIdMarker ?? "",
        IsTruncated: page.next !== undefined,
        NextKeyMarker: page.next && encode(page.next),
        NextVersionIdMarker: page.next && "null",
        Versions: page.entries.filter(({ version }) => !version.deleteMarker).map(describe),
        DeleteMarkers: page.entries.filter(({ version }) => version.deleteMarker).map(describe),
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
    allVersions: false,
  };
}

/** Keys below one common prefix count as one. All versions of a key stay on one page. */
function pageOf(objects: readonly StoredObject[], query: PageQuery): Page {
  const entries: Entry[] = [];
  const prefixes: string[] = [];
  let last = "";
  for (const object of objects) {
    const found = entriesOf(object, query);
    const prefix = commonPrefix(object.key, query);
    const name = prefix ?? object.key;
    if (
      found.length === 0 ||
      name <= query.after ||
      (prefixes.at(-1) === prefix && prefix !== undefined)
    )
      continue;
    if (entries.length + prefixes.length >= query.limit)
      return { entries, prefixes, next: query.limit > 0 ? last : undefined };
    if (prefix === undefined) entries.push(...found);
    else prefixes.push(prefix);
    last = name;
  }
  return { entries, prefixes, next: undefined };
}

function entriesOf({ key, versions }: StoredObject, { prefix, allVersions }: PageQuery): Entry[] {
  if (!key.startsWith(prefix)) return [];
  const all = versions.map((version, index) => ({ key, version, latest: index === 0 }));
  return allVersions ? all : all.slice(0, 1).filter(({ version }) => !version.deleteMarker);
}

function commonPrefix(key: string, { prefix, delimiter }: PageQuery): string | undefined {
  if (delimiter === "") return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}

function echo(input: ListInput, name: string, encode: (text: string) => string): object {
  return {
    Name: name,
    Prefix: encode(input.Prefix ?? ""),
    Delimiter: input.Delimiter && encode(input.Delimiter),
    MaxKeys: input.MaxKeys ?? maxPage,
    EncodingType: input.EncodingType,
  };
}

function contentOf(
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
function encoderFor(type: string | undefined): (text: string) => string {
  return type === "url"
    ? (text) => encodeURIComponent(text).replaceAll("%2F", "/")
    : (text) => text;
}
