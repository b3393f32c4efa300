import { expect, test } from "vitest";
import { decodeAwsChunked } from "../../../src/local/wire/aws-chunked.ts";

test("chunks are joined and trailers read", () => {
  const raw = Buffer.from(
    "5;chunk-signature=abc\r\nhello\r\n2\r\n\r\n\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nX-Amz-Trailer-Signature: s\r\n\r\n",
  );
  const { body, trailers } = decodeAwsChunked(raw);
  expect(body.toString()).toBe("hello\r\n");
  expect(trailers).toEqual({ "x-amz-checksum-crc32": "NhCmhg==", "x-amz-trailer-signature": "s" });
});

test.each(["", "5\r\nhel", "zz\r\nhello\r\n", "5\r\nhello\r\n"])(
  "%j ends too early and is refused",
  (raw) => {
    expect(() => decodeAwsChunked(Buffer.from(raw))).toThrow(
      expect.objectContaining({ code: "IncompleteBody" }),
    );
  },
);
