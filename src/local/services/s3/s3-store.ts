import type { NotificationConfiguration } from "@aws-sdk/client-s3";
import type { Collection, State } from "../../state.ts";
import { noSuchBucket, noSuchKey, noSuchVersion } from "./s3-errors.ts";

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly created: string;
  /** What the Put… operations of a bucket stored, by the name of the setting. */
  readonly settings: Readonly<Record<string, unknown>> & {
    readonly notification?: NotificationConfiguration;
  };
}

/** Headers that come back as they were given. */
export interface ObjectHeaders {
  readonly ContentType?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
}

export interface ObjectVersion {
  /** `null` where the bucket was not versioned. */
  readonly versionId: string;
  readonly lastModified: string;
  readonly deleteMarker: boolean;
  readonly sha256: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly headers: ObjectHeaders;
  /** As given by the client, e.g. `ChecksumCRC32`. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** One key with its versions, the newest first. */
export interface StoredObject {
  readonly key: string;
  readonly versions: readonly ObjectVersion[];
}

/** Bucket names are one namespace for all regions. */
const everywhere = "global";

/** Buckets and their objects; the content itself lies in the blob store. */
export class S3Store {
  readonly #buckets: Collection<Bucket>;
  /** By bucket (in the place of the region) and key. */
  readonly #objects: Collection<StoredObject>;

  constructor(state: State) {
    this.#buckets = state.collection<Bucket>("s3.buckets");
    this.#objects = state.collection<StoredObject>("s3.objects");
  }

  findBucket(name: string): Bucket | undefined {
    return this.#buckets.get(everywhere, name);
  }

  bucket(name: string | undefined): Bucket {
    const bucket = this.findBucket(name ?? "");
    if (bucket === undefined) throw noSuchBucket(name ?? "");
    return bucket;
  }

  buckets(): Bucket[] {
    return this.#buckets.list(everywhere);
  }

  putBucket(bucket: Bucket): void {
    this.#buckets.put(everywhere, bucket.name, bucket);
  }

  deleteBucket(name: string): void {
    this.#buckets.delete(everywhere, name);
  }

  isVersioned(bucket: Bucket): boolean {
    return (
      (bucket.settings["versioning"] as { readonly Status?: string } | undefined)?.Status ===
      "Enabled"
    );
  }

  isEmpty(bucket: string): boolean {
    return this.#objects.list(bucket).length === 0;
  }

  /** All keys of a bucket that have a version, in order. */
  objects(bucket: string): StoredObject[] {
    return this.#objects.list(bucket);
  }

  versions(bucket: string, key: string): readonly ObjectVersion[] {
    return this.#objects.get(bucket, key)?.versions ?? [];
  }

  /** The version asked for, or the newest; a delete marker is as good as nothing. */
  version(bucket: string, key: string, versionId: string | undefined): ObjectVersion {
    const versions = this.versions(bucket, key);
    const version =
      versionId === undefined
        ? versions[0]
        : versions.find((candidate) => candidate.versionId === versionId);
    if (version === undefined && versionId !== undefined) throw noSuchVersion(key, versionId);
    if (version === undefined || version.deleteMarker) throw noSuchKey(key);
    return version;
  }

  addVersion(bucket: string, key: string, version: ObjectVersion): void {
    const older = this.versions(bucket, key).filter(
      ({ versionId }) => versionId !== version.versionId,
    );
    this.#put(bucket, key, [version, ...older]);
  }

  replaceVersion(bucket: string, key: string, version: ObjectVersion): void {
    const versions = this.versions(bucket, key);
    this.#put(
      bucket,
      key,
      versions.map((candidate) =>
        candidate.versionId === version.versionId ? version : candidate,
      ),
    );
  }

  removeVersion(bucket: string, key: string, versionId: string): void {
    this.#put(
      bucket,
      key,
      this.versions(bucket, key).filter((version) => version.versionId !== versionId),
    );
  }

  #put(bucket: string, key: string, versions: readonly ObjectVersion[]): void {
    if (versions.length === 0) this.#objects.delete(bucket, key);
    else this.#objects.put(bucket, key, { key, versions });
  }
}
