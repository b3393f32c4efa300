import { describe, expect, test } from "vitest";
import { parseTemplate } from "../../../../src/local/cloudformation/template/parse.ts";

const resource = "Resources: { A: { Type: 'X::Y::Z' } }";

describe("a template's text", () => {
  test("in YAML with every short form", () => {
    const { Resources, AWSTemplateFormatVersion } = parseTemplate(`
AWSTemplateFormatVersion: 2010-09-09
Resources:
  A:
    Type: X::Y::Z
    Properties:
      Att: !GetAtt B.Nested.Arn
      AttList: !GetAtt [B, Arn]
      Sub: !Sub
        - "\${X}"
        - X: !Ref B
      Join: !Join ["-", [!Ref B, !Select [0, !GetAZs ""]]]
      If: !If [Yes, !Ref "AWS::NoValue", {a: !Base64 b}]
      Find: !FindInMap [M, !Ref "AWS::Region", k]
      Import: !ImportValue
        Fn::Sub: "\${X}-y"
`);
    expect(AWSTemplateFormatVersion).toBe("2010-09-09");
    expect(Resources["A"]?.Properties).toEqual({
      Att: { "Fn::GetAtt": ["B", "Nested.Arn"] },
      AttList: { "Fn::GetAtt": ["B", "Arn"] },
      Sub: { "Fn::Sub": ["${X}", { X: { Ref: "B" } }] },
      Join: { "Fn::Join": ["-", [{ Ref: "B" }, { "Fn::Select": [0, { "Fn::GetAZs": "" }] }]] },
      If: { "Fn::If": ["Yes", { Ref: "AWS::NoValue" }, { a: { "Fn::Base64": "b" } }] },
      Find: { "Fn::FindInMap": ["M", { Ref: "AWS::Region" }, "k"] },
      Import: { "Fn::ImportValue": { "Fn::Sub": "${X}-y" } },
    });
  });

  test.each([
    ["{", "Template format error: JSON not well-formed. (line 1"],
    ["a: [", "Template format error: YAML not well-formed. (line 1"],
    ["Resources:\n  A:\n    Type: !Reff B", "YAML not well-formed. (line 3, column 11)"],
    ["Resources:\n  A: { Type: X }\n  A: { Type: Y }", "YAML not well-formed. (line 3, column 3)"],
    ["just text", "Template format error: unsupported structure."],
    ["Resources: {}", "At least one Resources member must be defined."],
    [
      "Resources: { A: { Properties: {} } }",
      "[/Resources/A] Every Resources object must contain a Type member.",
    ],
    ["Resources: { A-b: { Type: X } }", "Resource name A-b is non alphanumeric."],
    [`${resource}\nResource: {}`, "Invalid template property or properties [Resource]"],
    [`${resource}\nAWSTemplateFormatVersion: 2020`, "Unsupported template format version."],
    [`${resource}\nOutputs: { O: {} }`, "Every Outputs member must contain a Value object"],
  ])("%j fails", (body, text) => {
    expect(() => parseTemplate(body)).toThrow(text);
  });
});
