import type { ListObjectVersionsRequest } from "@aws-sdk/client-s3";
import type { CallContext, Operation } from "../../service.ts";
import { commonPrefix, contentOf, echo, encoderFor, maxPage, type Entry } from "./listings.ts";
import { invalidArgument } from "./s3-errors.ts";
import type { S3Store, StoredObject } from "./s3-store.ts";

/** Versions and common prefixes in the order of their keys, the newest version of a key first. */
interface Item {
  /** The key, or the common prefix. */
  readonly name: string;
  readonly entry: Entry | undefined;
}

export function versionListingOperations(store: S3Store): Record<string, Operation> {
  return {
    async ListObjectVersions(input: ListObjectVersionsRequest, context: CallContext) {
      if (input.VersionIdMarker && !input.KeyMarker)
        throw invalidArgument("A version-id marker cannot be specified without a key marker.");
      const { name } = store.bucket(input.Bucket);
      const rest = after(itemsOf(store.objects(name), input), input);
      const page = rest.slice(0, Math.min(input.MaxKeys ?? maxPage, maxPage));
      const entries = page.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
      const encode = encoderFor(input.EncodingType);
      const describe = (entry: Entry) => ({
        ...contentOf(entry, encode, true, context),
        VersionId: entry.version.versionId,
        IsLatest: entry.latest,
      });
      const last = page.length < rest.length ? page.at(-1) : undefined;
      return {
        ...echo(input, name, encode),
        KeyMarker: encode(input.KeyMarker ?? ""),
        VersionIdMarker: input.VersionIdMarker ?? "",
        IsTruncated: last !== undefined,
        NextKeyMarker: last && encode(last.name),
        NextVersionIdMarker: last?.entry?.version.versionId,
        Versions: entries.filter(({ version }) => !version.deleteMarker).map(describe),
        DeleteMarkers: entries.filter(({ version }) => version.deleteMarker).map(describe),
        CommonPrefixes: page
          .filter(({ entry }) => entry === undefined)
          .map((item) => ({ Prefix: encode(item.name) })),
      };
    },
  };
}

function itemsOf(objects: readonly StoredObject[], input: ListObjectVersionsRequest): Item[] {
  const query = { prefix: input.Prefix ?? "", delimiter: input.Delimiter ?? "" };
  const items: Item[] = [];
  for (const { key, versions } of objects) {
    if (!key.startsWith(query.prefix)) continue;
    const prefix = commonPrefix(key, query);
    if (prefix === undefined) {
      const entries = versions.map((version, index) => ({ key, version, latest: index === 0 }));
      items.push(...entries.map((entry) => ({ name: key, entry })));
    } else if (items.at(-1)?.name !== prefix) items.push({ name: prefix, entry: undefined });
  }
  return items;
}

/** What follows a marker: a key alone stands for all its versions. */
function after(items: readonly Item[], input: ListObjectVersionsRequest): readonly Item[] {
  const { KeyMarker: key = "", VersionIdMarker: version } = input;
  if (version) {
    const index = items.findIndex(
      ({ name, entry }) => name === key && entry?.version.versionId === version,
    );
    if (index !== -1) return items.slice(index + 1);
  }
  return items.filter(({ name }) => name > key);
}
