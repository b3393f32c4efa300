import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { ServiceError } from "../../service-error.ts";
import type { ObjectHeaders, ObjectVersion } from "./s3-store.ts";

/** The members that tell about an object's content in many inputs. */
export interface ContentInput extends ObjectHeaders {
  readonly ContentMD5?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC32C?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

const checksumNames = [
  "ChecksumCRC32",
  "ChecksumCRC32C",
  "ChecksumCRC64NVME",
  "ChecksumSHA1",
  "ChecksumSHA256",
] as const;

const headerNames = [
  "ContentType",
  "ContentEncoding",
  "ContentDisposition",
  "ContentLanguage",
  "CacheControl",
  "WebsiteRedirectLocation",
  "Metadata",
] as const;

export function headersOf(input: ContentInput): ObjectHeaders {
  return Object.fromEntries(
    headerNames.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );
}

export function checksumsOf(input: ContentInput): Record<string, string> {
  return Object.fromEntries(
    checksumNames.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );
}

export function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

/**
 * Refuses a body that is not what its sender meant. CRC32C and CRC64NVME are kept but not verified:
 * Node has no function for them.
 */
export function checkContent(input: ContentInput, body: Uint8Array): void {
  const hash = (algorithm: string) => createHash(algorithm).update(body).digest("base64");
  const checks: readonly (readonly [
    given: string | undefined,
    actual: () => string,
    name: string,
  ])[] = [
    [input.ContentMD5, () => hash("md5"), "Content-MD5"],
    [input.ChecksumSHA1, () => hash("sha1"), "SHA1"],
    [input.ChecksumSHA256, () => hash("sha256"), "SHA256"],
    [input.ChecksumCRC32, () => crc32Text(body), "CRC32"],
  ];
  for (const [given, actual, name] of checks) {
    if (given !== undefined && given !== actual()) {
      const message = `The ${name} you specified did not match the calculated checksum.`;
      throw new ServiceError("BadDigest", message, { status: 400 });
    }
  }
}

function crc32Text(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString("base64");
}

/** What GetObject and HeadObject say about a version. */
export function describeVersion(
  version: ObjectVersion,
  withChecksums: boolean,
): Record<string, unknown> {
  return {
    AcceptRanges: "bytes",
    LastModified: new Date(version.lastModified),
    ContentLength: version.size,
    ETag: version.etag,
    ContentType: "binary/octet-stream",
    ...version.headers,
    Metadata: version.headers.Metadata ?? {},
    ServerSideEncryption: "AES256",
    VersionId: version.versionId === "null" ? undefined : version.versionId,
    TagCount: version.tags.length === 0 ? undefined : version.tags.length,
    ...(withChecksums ? version.checksums : {}),
  };
}

/** Tags as they stand in a header: `a=1&b=2`. */
export function parseTagging(
  text: string | undefined,
): { readonly Key: string; readonly Value: string }[] {
  return [...new URLSearchParams(text ?? "")].map(([Key, Value]) => ({ Key, Value }));
}
