import { cbor } from "@smithy/core/cbor";
import { expect, test } from "vitest";
import { decodeCbor } from "../../../src/local/wire/cbor-codec.ts";
import type { Structure } from "../../../src/local/wire/shape.ts";

const input: Structure = {
  kind: "structure",
  name: "Input",
  traits: {},
  members: [{ name: "a", required: false, traits: {}, shape: { kind: "string" } }],
};

const hugeArray = [0x9a, 0x01, 0xf0, 0x00, 0x00];

test.each([
  ["nothing", []],
  ["an array that claims 32 million items", hugeArray],
  [
    "twenty of them in each other, gigabytes of room",
    Array.from({ length: 20 }, () => hugeArray).flat(),
  ],
  ["an array that claims 2^64 items", [0x9b, 255, 255, 255, 255, 255, 255, 255, 255]],
  ["a map that claims more than there is", [0xba, 0xff, 0xff, 0xff, 0xff, 0x61, 0x61, 0x01]],
  ["a text that claims more than there is", [0x7b, 0, 0, 0, 1, 0, 0, 0, 0, 0x61]],
  ["bytes that claim more than there is", [0x5a, 0xff, 0xff, 0xff, 0xff]],
  ["nesting without end", Array.from({ length: 100_000 }, () => 0x81)],
  ["indefinite nesting without end", Array.from({ length: 100_000 }, () => 0x9f)],
  ["tags without end", Array.from({ length: 100_000 }, () => 0xc1)],
  ["an indefinite map that does not end", [0xbf, 0x61, 0x61, 0x61, 0x62]],
  ["an end of nothing", [0xff]],
  ["an end inside a map of known length", [0xa1, 0x61, 0x61, 0xff]],
  ["a number of a size that is none", [0x1c]],
  ["a number that is cut off", [0x1b, 0, 0]],
  ["something behind the end", [0xa0, 0x00]],
  ["a map that is cut off", [0xa1, 0x61]],
  ["no map", [0x01]],
  ["a tag that nobody knows", [0xa1, 0x61, 0x61, 0xd8, 0x63, 0x01]],
  ["bytes without sense", [0xde, 0xad, 0xbe, 0xef]],
])("%s cannot be read, and says so at once", (_what, bytes) => {
  expect(() => decodeCbor(input, Uint8Array.from(bytes))).toThrow(
    expect.objectContaining({ code: "SerializationException", status: 400 }),
  );
});

test("what an encoder makes passes, indefinite lengths too", () => {
  const large = {
    a: "x".repeat(70_000),
    b: [1, -1, 1.5, 2 ** 40, null, true],
    c: { d: new Uint8Array(300) },
  };
  expect(decodeCbor(input, cbor.serialize(large))).toEqual({ a: large.a });
  const indefinite = [0xbf, 0x61, 0x61, 0x7f, 0x61, 0x78, 0x61, 0x79, 0xff, 0xff];
  expect(decodeCbor(input, Uint8Array.from(indefinite))).toEqual({ a: "xy" });
});
