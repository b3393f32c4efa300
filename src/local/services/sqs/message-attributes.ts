import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { createHash } from "node:crypto";
import type { AttributeValue } from "./queue.ts";
import { invalidParameter } from "./sqs-errors.ts";

type Given = Readonly<Record<string, MessageAttributeValue>>;
type Kept = Readonly<Record<string, AttributeValue>>;

/** Amazon SQS developer guide, message metadata: at most 10 attributes. */
const mostAttributes = 10;

/** Checked, and in the form in which they are kept. */
export function keptAttributes(given: Given = {}): Kept {
  const entries = Object.entries(given);
  if (entries.length > mostAttributes)
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${mostAttributes}].`,
    );
  return Object.fromEntries(entries.map(([name, value]) => [name, kept(name, value)]));
}

function kept(name: string, { DataType, StringValue, BinaryValue }: MessageAttributeValue) {
  if (!/^(?!AWS\.|Amazon\.|\.)[\w.-]{1,256}(?<!\.)$/.test(name) || name.includes(".."))
    throw invalidParameter(`Invalid message attribute name: '${name}'.`);
  const type = DataType ?? "";
  if (!/^(String|Number|Binary)(\..+)?$/.test(type))
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const isBinary = type.startsWith("Binary");
  const value = isBinary ? BinaryValue : StringValue;
  if (value === undefined || value.length === 0)
    throw invalidParameter(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`,
    );
  if (type.startsWith("Number") && !Number.isFinite(Number(StringValue)))
    throw invalidParameter(
      `Can't cast the value of message (user) attribute '${name}' to a number.`,
    );
  return isBinary
    ? { DataType: type, binary: Buffer.from(BinaryValue ?? []).toString("base64") }
    : { DataType: type, StringValue };
}

/** In the form of the API. */
export function givenAttributes(attributes: Kept): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, binary }]) => [
      name,
      {
        DataType,
        ...(binary === undefined
          ? { StringValue }
          : { BinaryValue: Buffer.from(binary, "base64") }),
      },
    ]),
  );
}

/** Those of the names that were asked for: `All`, `.*`, `prefix.*`, or a name. */
export function askedAttributes(attributes: Kept, asked: readonly string[]): Kept {
  const wanted = (name: string) =>
    asked.some((each) =>
      each === "All" || each === ".*"
        ? true
        : each.endsWith(".*")
          ? name.startsWith(each.slice(0, -1))
          : name === each,
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted(name)));
}

/** Bytes of attributes as SQS counts them: name, type and value. */
export function attributesSize(attributes: Kept): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = "", binary = "" }]) =>
      sum +
      Buffer.byteLength(name + DataType + StringValue) +
      Buffer.from(binary, "base64").byteLength,
    0,
  );
}

export const md5 = (text: string | Uint8Array) => createHash("md5").update(text).digest("hex");

/** Amazon SQS developer guide, "Calculating the MD5 message digest for message attributes". */
export function attributesMd5(attributes: Kept): string | undefined {
  const names = Object.keys(attributes).toSorted();
  if (names.length === 0) return undefined;
  const pieces = names.flatMap((name) => {
    const { DataType = "", StringValue = "", binary } = attributes[name] ?? {};
    const value = binary === undefined ? Buffer.from(StringValue) : Buffer.from(binary, "base64");
    const transport = Buffer.from([binary === undefined ? 1 : 2]);
    return [sized(Buffer.from(name)), sized(Buffer.from(DataType)), transport, sized(value)];
  });
  return md5(Buffer.concat(pieces));
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}
