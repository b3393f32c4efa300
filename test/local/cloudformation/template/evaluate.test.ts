import { describe, expect, test } from "vitest";
import { evaluate } from "../../../../src/local/cloudformation/template/evaluate.ts";
import {
  knownAfterApply,
  noValue,
} from "../../../../src/local/cloudformation/template/special-values.ts";
import type { Scope } from "../../../../src/local/cloudformation/template/evaluate.ts";

const parameters: Record<string, unknown> = {
  Name: "n",
  List: ["a", "b"],
  "AWS::Region": "eu-west-1",
};
const scope: Scope = {
  parameter: (name) => parameters[name],
  mappings: { Map: { "eu-west-1": { ami: "ami-1", list: ["x", "y"] } } },
  condition: (name) => name === "Yes",
  reference: (id) => (id === "Thing" ? "thing-1" : id === "Later" ? knownAfterApply : undefined),
  attribute: (id, attribute) => (id === "Later" ? knownAfterApply : `${id}/${attribute}`),
  zones: (region) => [`${region || "eu-west-1"}a`, `${region || "eu-west-1"}b`],
  imported: (name) => `export of ${name}`,
};

describe("intrinsic functions", () => {
  test.each<[string, unknown, unknown]>([
    ["Ref of a parameter", { Ref: "Name" }, "n"],
    ["Ref of a list", { Ref: "List" }, ["a", "b"]],
    ["Ref of a resource", { Ref: "Thing" }, "thing-1"],
    ["GetAtt as a list", { "Fn::GetAtt": ["Thing", "Arn"] }, "Thing/Arn"],
    ["GetAtt nested", { "Fn::GetAtt": ["Thing", "A.B"] }, "Thing/A.B"],
    ["GetAtt as text", { "Fn::GetAtt": "Thing.A.B" }, "Thing/A.B"],
    [
      "Sub",
      { "Fn::Sub": "${Name}-${Thing}-${Thing.Arn}-${AWS::Region}-${!Literal}" },
      "n-thing-1-Thing/Arn-eu-west-1-${Literal}",
    ],
    ["Sub with values", { "Fn::Sub": ["${Own}-${Name}", { Own: { Ref: "Thing" } }] }, "thing-1-n"],
    [
      "Join",
      { "Fn::Join": ["-", ["a", { Ref: "Name" }, 1, true, { Ref: "AWS::NoValue" }]] },
      "a-n-1-true",
    ],
    ["Join of a list", { "Fn::Join": [",", { Ref: "List" }] }, "a,b"],
    ["Select", { "Fn::Select": ["1", { "Fn::GetAZs": "" }] }, "eu-west-1b"],
    ["Split", { "Fn::Split": ["/", "a/b"] }, ["a", "b"]],
    ["If", { "Fn::If": ["Yes", 1, 2] }, 1],
    ["If not", { "Fn::If": ["No", 1, { Ref: "Name" }] }, "n"],
    [
      "If NoValue",
      { kept: 1, left: { "Fn::If": ["No", 1, { Ref: "AWS::NoValue" }] } },
      { kept: 1 },
    ],
    ["NoValue in a list", [1, { Ref: "AWS::NoValue" }], [1]],
    ["Equals", { "Fn::Equals": [{ Ref: "Name" }, "n"] }, true],
    ["And", { "Fn::And": [{ Condition: "Yes" }, { "Fn::Not": [{ Condition: "No" }] }] }, true],
    ["Or", { "Fn::Or": [{ Condition: "No" }, { "Fn::Equals": ["a", "b"] }] }, false],
    ["FindInMap", { "Fn::FindInMap": ["Map", { Ref: "AWS::Region" }, "ami"] }, "ami-1"],
    ["Base64", { "Fn::Base64": { "Fn::Sub": "${Name}é" } }, "bsOp"],
    ["Cidr", { "Fn::Cidr": ["10.0.0.0/16", 3, 8] }, ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]],
    [
      "Cidr of IPv6",
      { "Fn::Cidr": ["2001:db8::/56", 2, 64] },
      ["2001:db8::/64", "2001:db8:0:1::/64"],
    ],
    ["ImportValue", { "Fn::ImportValue": { "Fn::Sub": "${Name}-vpc" } }, "export of n-vpc"],
    ["Contains", { "Fn::Contains": [["1", "2"], "2"] }, true],
    ["EachMemberIn", { "Fn::EachMemberIn": [{ Ref: "List" }, ["a", "b", "c"]] }, true],
    [
      "a policy's Condition is no function",
      { Condition: { StringEquals: { a: { Ref: "Name" } } } },
      { Condition: { StringEquals: { a: "n" } } },
    ],
    ["unknown values flow through texts", { "Fn::Sub": "a-${Later}" }, `a-${knownAfterApply}`],
    [
      "unknown values cannot be cut",
      { "Fn::Select": [3, { "Fn::Split": ["/", { "Fn::Sub": "x/${Later}" }] }] },
      knownAfterApply,
    ],
    [
      "unknown blocks cannot be divided",
      { "Fn::Select": [1, { "Fn::Cidr": [{ "Fn::GetAtt": "Later.Cidr" }, 4, 8] }] },
      knownAfterApply,
    ],
  ])("%s", (_, expression, expected) => {
    expect(evaluate(expression, scope)).toEqual(expected);
  });

  test.each<[unknown, string]>([
    [{ Ref: "Nobody" }, "Unresolved resource dependencies [Nobody]"],
    [{ "Fn::Select": [5, ["a"]] }, "Fn::Select cannot select nonexistent value at index 5"],
    [
      { "Fn::FindInMap": ["Map", "us-east-1", "ami"] },
      "Template error: Unable to get mapping for Map::us-east-1::ami",
    ],
    [{ "Fn::Join": ["-", "text"] }, "every Fn::Join object requires two parameters"],
    [{ "Fn::Join": ["-", [{ a: 1 }]] }, "Fn::Join expects a string"],
    [{ "Fn::Length": [1] }, "AWS::LanguageExtensions"],
    [{ "Fn::Nonsense": 1 }, "Unrecognized intrinsic function Fn::Nonsense"],
    [{ "Fn::Cidr": ["10.0.0.0/30", 8, 8] }, "do not fit"],
  ])("%j fails", (expression, text) => {
    expect(() => evaluate(expression, scope)).toThrow(text);
  });

  test("NoValue alone is left for the caller", () => {
    expect(evaluate({ Ref: "AWS::NoValue" }, scope)).toBe(noValue);
  });
});
