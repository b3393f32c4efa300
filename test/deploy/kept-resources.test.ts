import { expect, test } from "vitest";
import { cannotKeep, isUpdatable, keepingBody } from "../../src/deploy/keep-resources.ts";
import {
  declaredIn,
  keeping,
  keptByPolicy,
  parametersOf,
  readTemplate,
  withNeeds,
} from "../../src/deploy/kept-resources.ts";

const template = {
  Parameters: { BootstrapVersion: { Type: "String" } },
  Resources: {
    Vpc: { Type: "AWS::EC2::VPC" },
    Group: { Type: "AWS::EC2::SecurityGroup", Properties: { VpcId: { Ref: "Vpc" } } },
    Logs: {
      Type: "AWS::Logs::LogGroup",
      DeletionPolicy: "Delete",
      Metadata: { "aws:cdk:path": "a" },
    },
    Role: {
      Type: "AWS::IAM::Role",
      Properties: { Resource: { "Fn::Sub": "${Logs.Arn}:${AWS::Region}:*" } },
    },
    Function: {
      Type: "AWS::Lambda::Function",
      DependsOn: ["Group"],
      Properties: { Role: { "Fn::GetAtt": ["Role", "Arn"] }, Version: { Ref: "BootstrapVersion" } },
    },
    Table: { Type: "AWS::DynamoDB::Table", DeletionPolicy: "RetainExceptOnCreate" },
  },
};
const declared = declaredIn(template);

test("what a resource refers to is needed by it, through Ref, GetAtt, Sub and DependsOn", () => {
  expect(withNeeds(["Function"], declared).toSorted()).toEqual(
    ["Function", "Group", "Logs", "Role", "Vpc"].toSorted(),
  );
  expect(withNeeds(["Vpc"], declared)).toEqual(["Vpc"]);
});

test("a policy goes with metadata in the same resource, since CloudFormation sees no change in it alone", () => {
  const { Logs, Vpc } = declaredIn(keeping(template, ["Logs"]));
  expect(Logs).toEqual({
    Type: "AWS::Logs::LogGroup",
    DeletionPolicy: "Retain",
    Metadata: { "aws:cdk:path": "a", "lmi:kept": true },
  });
  expect(Vpc).toEqual({ Type: "AWS::EC2::VPC" });
});

test("what a policy keeps by itself is known", () => {
  expect(keptByPolicy(declared)).toEqual(["Table"]);
  expect(parametersOf(template)).toEqual(["BootstrapVersion"]);
  expect(readTemplate("Resources: {}")).toBeUndefined();
});

test("texts beyond ASCII are kept, too: escaped, CloudFormation gives them back", () => {
  const body = keepingBody({ ...template, Description: "größer 🤖" }, ["Logs"]);
  expect(body).toContain(String.raw`gr\u00f6\u00dfer \ud83e\udd16`);
  expect(JSON.parse(body)).toMatchObject({ Description: "größer 🤖" });
});

test("a template that CloudFormation does not take is refused before anything is changed", () => {
  expect(JSON.parse(keepingBody(template, ["Logs"]))).toMatchObject({ Parameters: {} });
  const long = { ...template, Description: "x".repeat(1_048_576) };
  expect(() => keepingBody(long, ["Logs"])).toThrow(
    expect.objectContaining({ code: "LMI_CANNOT_KEEP", exitCode: 2 }),
  );
  expect(cannotKeep("a", "b").why).toContain("Nothing was deleted.");
});

test.each([
  ["CREATE_COMPLETE", true],
  ["UPDATE_ROLLBACK_COMPLETE", true],
  ["ROLLBACK_COMPLETE", false],
  ["DELETE_FAILED", false],
  ["UPDATE_IN_PROGRESS", false],
])("%s takes an update: %s", (status, expected) => {
  expect(isUpdatable({ status })).toBe(expected);
});
