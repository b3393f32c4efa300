import { ServiceError } from "../../service-error.ts";
import { preconditionFailed } from "./s3-errors.ts";
import type { ObjectVersion } from "./s3-store.ts";

interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** Source: RFC 9110, section 13.2.2, which S3 follows: the entity tags come before the dates. */
export function checkReadConditions(conditions: ReadConditions, version: ObjectVersion): void {
  const modified = Math.floor(Date.parse(version.lastModified) / 1000);
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined && !matches(IfMatch, version)) throw preconditionFailed("If-Match");
  if (IfMatch === undefined && IfUnmodifiedSince && modified > seconds(IfUnmodifiedSince)) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (IfNoneMatch !== undefined && matches(IfNoneMatch, version)) throw notModified();
  if (IfNoneMatch === undefined && IfModifiedSince && modified <= seconds(IfModifiedSince))
    throw notModified();
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** Source: Amazon S3 user guide, "How to prevent object overwrites with conditional writes". */
export function checkWriteConditions(
  conditions: WriteConditions,
  current: ObjectVersion | undefined,
): void {
  const present = current !== undefined && !current.deleteMarker;
  if (conditions.IfNoneMatch === "*" && present) throw preconditionFailed("If-None-Match");
  if (conditions.IfMatch === undefined) return;
  if (!present)
    throw new ServiceError("NoSuchKey", "The specified key does not exist.", { status: 404 });
  if (!matches(conditions.IfMatch, current)) throw preconditionFailed("If-Match");
}

function matches(condition: string, version: ObjectVersion): boolean {
  const tags = new Set(
    condition.split(",").map((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', "")),
  );
  return tags.has("*") || tags.has(version.etag.replaceAll('"', ""));
}

function notModified(): ServiceError {
  return new ServiceError("NotModified", "Not Modified", { status: 304 });
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** A single range, `bytes=0-9`, `bytes=5-`, `bytes=-5`. Other forms are ignored, as S3 does. */
export function parseRange(range: string | undefined, size: number): ByteRange | undefined {
  const { from, to, suffix } =
    /^bytes=(?:(?<from>\d+)-(?<to>\d*)|-(?<suffix>\d+))$/.exec(range ?? "")?.groups ?? {};
  if (from === undefined && suffix === undefined) return undefined;
  const start = from === undefined ? Math.max(0, size - Number(suffix)) : Number(from);
  const end = to ? Math.min(Number(to), size - 1) : size - 1;
  if (start <= end) return { start, end };
  throw new ServiceError("InvalidRange", "The requested range is not satisfiable", {
    status: 416,
    members: { ActualObjectSize: size },
  });
}
