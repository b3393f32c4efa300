import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
import { type Code, printCode, quoted, templateText } from "../../../src/synth/eject/code.ts";

const evaluated = (code: string): unknown => runInThisContext(`(${code})`) as unknown;

test.each([
  ["a text like its quoted key", { "@": "@", "a b": "a b" }],
  ["keys that are names", { a: "a", $b_1: "$b_1" }],
  ["the prototype's name", JSON.parse('{ "__proto__": "x" }') as Record<string, string>],
  ["many of them", Object.fromEntries(Array.from({ length: 9 }, (_, key) => [`${key}"`, "\\`${"]))],
])("%s comes out as it was", (_what, value: Record<string, string>) => {
  const code: Code = { members: Object.entries(value).map(([key, own]) => [key, quoted(own)]) };
  expect(evaluated(printCode(code, 0, 0))).toEqual(value);
  expect(Object.keys(evaluated(printCode(code, 0, 0)) as object)).toEqual(Object.keys(value));
});

test.each(["`${x}`", "\\", '"', "\u2028\n\t", "${'a'}"])("a template literal of %j", (text) => {
  expect(evaluated(`\`${templateText(text)}\``)).toBe(text);
});

test("lines stay within 100 columns where parts allow it, and variables stand for themselves", () => {
  const long = "x".repeat(60);
  const code: Code = {
    callee: "new ec2.CfnSubnet",
    arguments: [
      "stack",
      quoted("Subnet"),
      {
        members: [
          ["vpcId", "vpcId"],
          ["a", quoted(long)],
        ],
      },
    ],
  };
  expect(printCode(code, 2, 20)).toBe(`new ec2.CfnSubnet(stack, "Subnet", {
    vpcId,
    a: "${long}",
  })`);
});
