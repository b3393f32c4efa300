import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import { matchesPattern } from "../../event-pattern.ts";
import type { MappingSettings } from "./mapping-document.ts";

/** A message as the function gets it (Lambda developer guide, with-sqs). */
export function queueRecord(message: Message, arn: string, region: string): object {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        recordAttribute(value),
      ]),
    ),
    ...(message.MD5OfMessageAttributes === undefined
      ? {}
      : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: arn,
    awsRegion: region,
  };
}

function recordAttribute({ DataType, StringValue, BinaryValue }: MessageAttributeValue): object {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined
      ? {}
      : { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/**
 * Whether a record passes the filters. A body is looked into as JSON where the pattern does; one that is none does not
 * fit such a pattern (Lambda developer guide, with-sqs-filtering).
 */
export function passes(record: object, { FilterCriteria }: MappingSettings): boolean {
  const filters = FilterCriteria?.Filters ?? [];
  if (filters.length === 0) return true;
  return filters.some(({ Pattern = "{}" }) => {
    const pattern = JSON.parse(Pattern) as Record<string, unknown>;
    const wantsJson = typeof pattern["body"] === "object" && !Array.isArray(pattern["body"]);
    return matchesPattern(pattern, wantsJson ? withParsedBody(record) : record);
  });
}

function withParsedBody(record: object): object {
  const { body } = record as { readonly body?: string };
  try {
    return { ...record, body: JSON.parse(body ?? "") as unknown };
  } catch {
    return { ...record, body: undefined };
  }
}

/**
 * Which messages of a batch the function says have failed; `all` where its answer cannot be understood (Lambda developer
 * guide, services-sqs-errorhandling: an empty list or none is success, an identifier that is empty or of no message is not).
 */
export function failedItems(
  payload: Uint8Array,
  ids: ReadonlySet<string>,
): ReadonlySet<string> | "all" {
  const answer = parsed(Buffer.from(payload).toString());
  if (answer === undefined) return "all";
  if (typeof answer !== "object" || answer === null)
    return typeof answer === "string" ? "all" : new Set();
  const failures = "batchItemFailures" in answer ? answer.batchItemFailures : [];
  if (failures === null) return new Set();
  if (!Array.isArray(failures)) return "all";
  const named = failures.map((each: unknown) =>
    typeof each === "object" && each !== null && "itemIdentifier" in each
      ? each.itemIdentifier
      : undefined,
  );
  const known = named.filter((id): id is string => typeof id === "string" && ids.has(id));
  return known.length === named.length ? new Set(known) : "all";
}

function parsed(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}
