import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { FunctionCode } from "@aws-sdk/client-lambda";
import { entryCounter } from "../../runtime/zip-attributes.ts";
import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { CodeDocument } from "./documents.ts";
import { invalidParameter } from "./failures.ts";
import { maxUnzippedBytes, maxZippedBytes } from "./limits.ts";

type CodeInput = Pick<
  FunctionCode,
  "ZipFile" | "S3Bucket" | "S3Key" | "S3ObjectVersion" | "ImageUri"
>;

/** Takes the code of a request into the blob store, from its bytes or from S3. */
export async function takeCode(
  target: TargetContext,
  input: CodeInput,
  context: CallContext,
): Promise<CodeDocument> {
  if (input.ImageUri) {
    const sha256 = createHash("sha256").update(input.ImageUri).digest("hex");
    return { imageUri: input.ImageUri, size: 0, sha256 };
  }
  const bytes = await zipBytes(target, input, context);
  await checkZip(bytes);
  const blob = await target.blobs.put(bytes);
  return {
    blob,
    size: bytes.byteLength,
    sha256: Buffer.from(blob, "hex").toString("base64"),
  };
}

async function zipBytes(
  target: TargetContext,
  input: CodeInput,
  context: CallContext,
): Promise<Uint8Array> {
  if (input.ZipFile) {
    if (input.ZipFile.byteLength > maxZippedBytes) {
      throw new ServiceError(
        "RequestEntityTooLargeException",
        `Request must be smaller than 70167211 bytes for the CreateFunction operation`,
        { status: 413 },
      );
    }
    return input.ZipFile;
  }
  if (!input.S3Bucket || !input.S3Key)
    throw invalidParameter("Please provide a source for function code.");
  try {
    const { Body } = await target.call<{ readonly Body?: unknown }>(
      "s3",
      "GetObject",
      {
        Bucket: input.S3Bucket,
        Key: input.S3Key,
        ...(input.S3ObjectVersion ? { VersionId: input.S3ObjectVersion } : {}),
      },
      context,
    );
    return await bodyBytes(Body);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw invalidParameter(
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}

async function bodyBytes(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (typeof body === "object" && body !== null && Symbol.asyncIterator in body)
    return buffer(body as AsyncIterable<Uint8Array>);
  throw new Error("GetObject answered without a body.");
}

/** Refuses what is no zip, or unpacks to more than Lambda allows. */
async function checkZip(bytes: Uint8Array): Promise<void> {
  const { unzipSync } = await import("fflate");
  const count = entryCounter(bytes);
  let unzipped = 0;
  let entries = 0;
  try {
    unzipSync(bytes, {
      filter: (entry) => {
        count();
        unzipped += entry.originalSize;
        entries += 1;
        return false;
      },
    });
  } catch {
    throw invalidParameter(
      "Could not unzip uploaded file. Please check your file, then try to upload again.",
    );
  }
  if (entries === 0) throw invalidParameter("Uploaded file must be a non-empty zip");
  if (unzipped > maxUnzippedBytes)
    throw invalidParameter(`Unzipped size must be smaller than ${maxUnzippedBytes} bytes`);
}
