import { expect, test } from "vitest";
import { leftLines, leftThings } from "../../src/deploy/left-behind.ts";
import { tablePrices } from "../../src/synth/cost/prices.ts";
import { plainReason } from "../../src/deploy/reason-text.ts";
import { headlines, inWords } from "../../src/deploy/resource-words.ts";
import { managedPolicyWords, statementWords } from "../../src/deploy/security-words.ts";

test.each([
  [
    'Resource handler returned message: "In use (Service: Lambda, Status Code: 409, Request ID: a-b)" (RequestToken: c, HandlerErrorCode: ResourceConflict)',
    "In use",
  ],
  [
    "The vpc 'vpc-1' (in eu-west-1) has dependencies",
    "The vpc 'vpc-1' (in eu-west-1) has dependencies",
  ],
])("a reason without what only support needs: %s", (reason, expected) => {
  expect(plainReason(reason)).toBe(expected);
});

test("resources are counted in human words, in the order in which they matter", () => {
  const types = ["Lambda::Function", "EC2::Subnet", "EC2::Route", "EC2::Subnet", "SQS::Queue"];
  const resources = types.map((type) => ({ type: `AWS::${type}` }));
  expect(inWords(resources)).toBe("2 subnets, function, SQS Queue, 1 part of routing");
  expect(headlines(resources)).toBe("2 subnets, function, SQS Queue");
});

const statement = {
  effect: "Allow",
  principal: "AWS:${Role}",
  action: "logs:CreateLogStream\nlogs:PutLogEvents",
  resource: "${Logs.Arn}",
  condition: "",
};

test("statements that every project has are told in words", () => {
  expect(statementWords(statement)).toMatchObject({
    subject: "Role",
    words: "write its own log group",
    text: "AWS:Role allows logs:CreateLogStream, logs:PutLogEvents on Logs.Arn",
  });
  const policy = "arn:${AWS::Partition}:iam::aws:policy/service-role/Some";
  expect(managedPolicyWords("${Role}", policy.replace("${AWS::Partition}", "aws"))).toMatchObject({
    subject: "Role",
    words: "Some (AWS managed)",
  });
});

test.each([
  { action: "logs:*" },
  { resource: "*" },
  { effect: "Deny" },
  { condition: '{"StringEquals":{}}' },
])("a statement that differs in %o keeps its exact words", (change) => {
  const { words } = statementWords({ ...statement, ...change });
  expect(words).toMatch(/ on /);
});

test("conditions, services and everybody are told without the library's ways", () => {
  const trust = {
    effect: "Allow",
    principal: "Service:scheduler.amazonaws.com",
    action: "sts:AssumeRole",
    resource: "${Role.Arn}",
    condition: '"StringEquals": {\n  "aws:SourceAccount": "${AWS::AccountId}"\n}',
  };
  expect(statementWords(trust)).toMatchObject({
    subject: "Role",
    words:
      'taken by scheduler.amazonaws.com if "StringEquals": { "aws:SourceAccount": "AWS::AccountId" }',
  });
  const invoke = { ...trust, principal: "*", action: "lambda:InvokeFunction", condition: "" };
  expect(statementWords(invoke)).toMatchObject({
    subject: "everybody",
    words: "lambda:InvokeFunction on Role.Arn",
  });
  expect(statementWords(invoke, true).words).toBe(
    "lambda:InvokeFunction on Role.Arn, through its URL only",
  );
});

const row = (type: string, physicalId: string, statusReason?: string) => ({
  logicalId: "X",
  physicalId,
  type,
  status: "DELETE_FAILED",
  statusReason,
});

test("what is left is one list; a long reason stands below", () => {
  const resources = [
    row("AWS::EC2::VPC", "vpc-1"),
    row("AWS::EC2::SecurityGroup", "sg-1", "in use"),
    row("AWS::EC2::Subnet", "subnet-1", "x".repeat(60)),
  ];
  expect(leftLines(leftThings({ resources }, tablePrices))).toEqual([
    "  VPC             vpc-1",
    "  security group  sg-1  in use",
    "  subnet          subnet-1",
    `                    ${"x".repeat(60)}`,
  ]);
});
