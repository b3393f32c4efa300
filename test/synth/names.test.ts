import { describe, expect, it } from "vitest";
import { defaultProjectName } from "../../src/synth/default-names.ts";
import { handlerOf } from "../../src/synth/entry-kind.ts";
import { constructId } from "../../src/synth/names.ts";
import { subnetRanges } from "../../src/synth/subnet-ranges.ts";

describe("constructId", () => {
  it("is readable for ordinary names", () => {
    expect(["my-managed-instance-function", "api", "api-v2"].map(constructId)).toEqual([
      "MyManagedInstanceFunction",
      "ApiLambda",
      "ApiV2Lambda",
    ]);
  });

  it("differs for every name", () => {
    const names = [
      "a-b",
      "a_b",
      "ab",
      "aB",
      "A-b",
      "a-1",
      "a1",
      "api",
      "api-function",
      "api-lambda",
      "Api",
      "function",
    ];
    const ids = names.map(constructId);
    expect(new Set(ids).size).toBe(names.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]+$/);
  });
});

describe("defaultProjectName", () => {
  it.each([
    ["hello", "hello"],
    ["My Shop.v2", "my-shop-v2"],
    ["123", "app"],
    ["_x_", "x"],
  ])("%s becomes %s", (folder, name) => expect(defaultProjectName(folder)).toBe(name));
});

describe("handlerOf", () => {
  it.each([
    ["src/handler.ts", undefined, "handler.handler"],
    ["src/api.v2.mts", undefined, "api-v2.handler"],
    ["src/api.ts", "main", "api.main"],
    ["src/api.ts", "index.main", "index.main"],
    ["dist", undefined, "index.handler"],
    ["code.zip", "app.run", "app.run"],
  ])("%s with %s is %s", (entry, handler, expected) =>
    expect(handlerOf(entry, handler)).toBe(expected),
  );
});

describe("subnetRanges", () => {
  it("cuts quarters, and one for the NAT gateway, that do not overlap", () => {
    expect(subnetRanges("10.0.0.0/16")).toEqual({
      instances: ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"],
      nat: ["10.0.192.0/20", "10.0.208.0/20", "10.0.224.0/20"],
    });
    expect(subnetRanges("192.168.7.0/24")).toEqual({
      instances: ["192.168.7.0/26", "192.168.7.64/26", "192.168.7.128/26"],
      nat: ["192.168.7.192/28", "192.168.7.208/28", "192.168.7.224/28"],
    });
    expect(subnetRanges("203.0.0.0/16").instances[2]).toBe("203.0.128.0/18");
  });
});
