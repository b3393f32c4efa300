import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { describe, expect, test } from "vitest";

import { decide } from "../../../../src/local/services/iam/evaluate.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";

const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (
  Action: string | string[],
  Resource: string | string[] = "*",
  more: object = {},
) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

const call = (action: string, resource = "*", context: Record<string, string> = {}) => ({
  action,
  resource,
  context: new Map(Object.entries(context).map(([key, value]) => [key, [value]])),
});

describe("policies decide", () => {
  test.each([
    ["without a policy", [], call("s3:GetObject"), "implicitDeny"],
    ["by name", [document(allow("s3:GetObject"))], call("s3:GetObject"), "allowed"],
    ["in any letters", [document(allow("S3:getobject"))], call("s3:GetObject"), "allowed"],
    ["by a wildcard", [document(allow("s3:Get*"))], call("s3:GetObject"), "allowed"],
    ["not another one", [document(allow("s3:Get*"))], call("s3:PutObject"), "implicitDeny"],
    [
      "by all but",
      [document({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })],
      call("s3:X"),
      "allowed",
    ],
    [
      "by resource",
      [document(allow("s3:*", "arn:aws:s3:::a/*"))],
      call("s3:X", "arn:aws:s3:::a/b"),
      "allowed",
    ],
    [
      "not another resource",
      [document(allow("s3:*", "arn:aws:s3:::a/*"))],
      call("s3:X", "arn:aws:s3:::c/b"),
      "implicitDeny",
    ],
    [
      "a Deny wins",
      [document(allow("*"), { Effect: "Deny", Action: "s3:*", Resource: "*" })],
      call("s3:X"),
      "explicitDeny",
    ],
  ] as const)("%s", (_name, documents, asked, decision) => {
    expect(decide(documents, asked)).toBe(decision);
  });

  const passed = (operator: string, value: string) => [
    document(
      allow("iam:PassRole", "*", { Condition: { [operator]: { "iam:PassedToService": value } } }),
    ),
  ];

  test.each([
    [passed("StringEquals", "lambda.amazonaws.com"), "lambda.amazonaws.com", "allowed"],
    [passed("StringEquals", "lambda.amazonaws.com"), "ec2.amazonaws.com", "implicitDeny"],
    [passed("StringEquals", "lambda.amazonaws.com"), undefined, "implicitDeny"],
    [passed("StringEqualsIfExists", "lambda.amazonaws.com"), undefined, "allowed"],
    [passed("StringLike", "lambda*"), "lambda.amazonaws.com", "allowed"],
    [passed("StringNotEquals", "lambda.amazonaws.com"), undefined, "allowed"],
    [passed("Null", "true"), undefined, "allowed"],
    [passed("Null", "true"), "x", "implicitDeny"],
  ])("%s with %s", (documents, value, decision) => {
    const context: Record<string, string> =
      value === undefined ? {} : { "iam:passedtoservice": value };
    expect(decide(documents, call("iam:PassRole", "*", context))).toBe(decision);
  });

  test("of a condition that it does not know it says nothing", () => {
    expect(() => decide(passed("DateLessThan", "2026-01-01"), call("iam:PassRole"))).toThrow(
      "does not evaluate the condition DateLessThan",
    );
  });
});

test("a role may what inline, customer and boundary policies say together", async () => {
  const target = await startTestTarget();
  const iam = target.client(IAMClient);
  const RoleName = "Developer";
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
      }),
    }),
  );
  const PolicySourceArn = Role?.Arn;
  const ActionNames = ["s3:GetObject", "lambda:InvokeFunction", "iam:PassRole"];
  const simulate = async () => {
    const command = new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames });
    const { EvaluationResults = [] } = await iam.send(command);
    return Object.fromEntries(
      EvaluationResults.map(({ EvalActionName, EvalDecision }) => [EvalActionName, EvalDecision]),
    );
  };
  const [none, yes] = ["implicitDeny", "allowed"];
  expect(Object.values(await simulate())).toEqual([none, none, none]);
  const policy = async (PolicyName: string, PolicyDocument: string) =>
    (await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }))).Policy?.Arn ?? "";
  const PolicyName = "inline";
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: document(allow("s3:*")) }),
  );
  const PolicyArn = await policy("own", document(allow(["lambda:*", "iam:PassRole"])));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  expect(await simulate()).toEqual({
    "s3:GetObject": yes,
    "lambda:InvokeFunction": yes,
    "iam:PassRole": yes,
  });
  const PermissionsBoundary = await policy("limit", document(allow(["s3:*", "lambda:*"])));
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
  expect(await simulate()).toMatchObject({ "lambda:InvokeFunction": yes, "iam:PassRole": none });
});

test("the one user may everything; of a policy without a document nothing is said", async () => {
  const target = await startTestTarget();
  const iam = target.client(IAMClient);
  const ask = (PolicySourceArn: string) =>
    iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ["s3:GetObject"] }),
    );
  const { EvaluationResults } = await ask("arn:aws:iam::000000000000:user/lmi-local");
  expect(EvaluationResults).toMatchObject([{ EvalDecision: "allowed", EvalResourceName: "*" }]);
  const trust = {
    Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
  };
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument }));
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
  await expect(ask("arn:aws:iam::000000000000:role/r")).rejects.toThrow(
    "does not have the document",
  );
  await expect(ask("arn:aws:iam::000000000000:role/q")).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
});
