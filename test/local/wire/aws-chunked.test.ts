import { expect, test } from "vitest";
import { decodeAwsChunked } from "../../../src/local/wire/aws-chunked.ts";

const signature = `;chunk-signature=${"a".repeat(64)}`;
const chunk = (data: string) => `${data.length.toString(16)}${signature}\r\n${data}\r\n`;
const big = "x".repeat(8192);

test("chunks are joined and checksums read from trailers; no other header comes from there", () => {
  const raw = [
    chunk(big),
    chunk("hello"),
    `0${signature}\r\n`,
    "x-amz-checksum-crc32:AAAA\r\nhost:evil.example\r\nauthorization:x\r\n__proto__:y\r\n\r\n",
  ].join("");
  const { body, trailers } = decodeAwsChunked(Buffer.from(raw));
  expect(body.toString()).toBe(`${big}hello`);
  expect(trailers).toEqual({ "x-amz-checksum-crc32": "AAAA" });
});

test.each([
  ["nothing", ""],
  ["no size", "\r\n\r\n"],
  ["a size in words", "five\r\nhello\r\n0\r\n\r\n"],
  ["a size with something behind it", "5x\r\nhello\r\n0\r\n\r\n"],
  ["a negative size", "-5\r\nhello\r\n0\r\n\r\n"],
  ["a size with a sign and a prefix", "+0x5\r\nhello\r\n0\r\n\r\n"],
  ["a size beyond all memory", `${"f".repeat(300)}\r\nhello\r\n0\r\n\r\n`],
  ["a larger size than there is", "ffffffff\r\nhello\r\n0\r\n\r\n"],
  ["a smaller size than there is", "3\r\nhello\r\n0\r\n\r\n"],
  ["no last chunk", chunk("hello")],
  ["a head without an end", `5;${"x".repeat(1_000_000)}`],
  ["trailers without an end", `0\r\n${"x".repeat(100_000)}`],
])("%s is an incomplete body", (_what, raw) => {
  expect(() => decodeAwsChunked(Buffer.from(raw))).toThrow(
    expect.objectContaining({ code: "IncompleteBody", status: 400 }),
  );
});

test("many small chunks, each of which would cost more than it carries, are refused as by S3", () => {
  const raw = Buffer.from(`${"1\r\nx\r\n".repeat(1_000_000)}0\r\n\r\n`);
  expect(() => decodeAwsChunked(raw)).toThrow(
    expect.objectContaining({ code: "InvalidChunkSizeError" }),
  );
});
