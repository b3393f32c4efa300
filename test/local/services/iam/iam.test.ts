import { beforeEach, describe, expect, it } from "vitest";
import { createIamService } from "../../../../src/local/services/iam/service.ts";
import type { Answer, InProcessTarget } from "../in-process-target.ts";
import { inProcessTarget } from "../in-process-target.ts";

let local: InProcessTarget;
const iam = (operation: string, input: object = {}) => local.call("iam", operation, input);

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
});
const permissions = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
});

beforeEach(() => {
  local = inProcessTarget([createIamService]);
});

const createRole = (RoleName = "r") =>
  iam("CreateRole", { RoleName, AssumeRolePolicyDocument: trust });

describe("roles", () => {
  it("answers a role with its trust policy URL-encoded, and one name only once", async () => {
    await createRole();
    const { Role } = await iam("GetRole", { RoleName: "r" });
    expect(Role).toMatchObject({
      Arn: "arn:aws:iam::000000000000:role/r",
      CreateDate: expect.any(Date),
    });
    expect(Role.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(decodeURIComponent(Role.AssumeRolePolicyDocument)).toBe(trust);
    await expect(createRole()).rejects.toMatchObject({
      code: "EntityAlreadyExistsException",
      message: "Role with name r already exists.",
    });
    await expect(iam("GetRole", { RoleName: "other" })).rejects.toMatchObject({
      code: "NoSuchEntityException",
    });
  });

  it("deletes a role only when nothing hangs on it", async () => {
    await createRole();
    const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    await iam("AttachRolePolicy", { RoleName: "r", PolicyArn });
    await iam("PutRolePolicy", { RoleName: "r", PolicyName: "p", PolicyDocument: permissions });
    await expect(iam("DeleteRole", { RoleName: "r" })).rejects.toMatchObject({
      code: "DeleteConflictException",
      message: "Cannot delete entity, must detach all policies first.",
    });
    await iam("DetachRolePolicy", { RoleName: "r", PolicyArn });
    await expect(iam("DeleteRole", { RoleName: "r" })).rejects.toMatchObject({
      message: "Cannot delete entity, must delete policies first.",
    });
    await iam("DeleteRolePolicy", { RoleName: "r", PolicyName: "p" });
    await iam("DeleteRole", { RoleName: "r" });
    expect((await iam("ListRoles")).Roles).toEqual([]);
  });

  it.each(["AWSLambdaManagedEC2ResourceOperator", "SomethingNotListedHere"])(
    "attaches AWS's policy %s",
    async (name) => {
      await createRole();
      const PolicyArn = `arn:aws:iam::aws:policy/${name}`;
      await iam("AttachRolePolicy", { RoleName: "r", PolicyArn });
      const { AttachedPolicies } = await iam("ListAttachedRolePolicies", { RoleName: "r" });
      expect(AttachedPolicies).toEqual([{ PolicyName: name, PolicyArn }]);
    },
  );

  it.each([
    "arn:aws:iam::aws:policy/service-role/AWSLambdaManagedEC2ResourceOperator",
    "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
    "arn:aws:iam::000000000000:policy/mine",
  ])("does not attach %s, which does not exist", async (PolicyArn) => {
    await createRole();
    await expect(iam("AttachRolePolicy", { RoleName: "r", PolicyArn })).rejects.toMatchObject({
      code: "NoSuchEntityException",
      message: `Policy ${PolicyArn} does not exist or is not attachable.`,
    });
  });

  it.each([
    ["{", "This policy contains invalid Json"],
    ["[]", "Syntax errors in policy."],
    [
      '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}',
      "Missing required field Principal",
    ],
    [permissions.replace('"Effect"', '"Principal":"*","Effect"'), "Has prohibited field Resource"],
  ])("refuses the trust policy %s", async (AssumeRolePolicyDocument, message) => {
    await expect(
      iam("CreateRole", { RoleName: "r", AssumeRolePolicyDocument }),
    ).rejects.toMatchObject({
      code: "MalformedPolicyDocumentException",
      message,
    });
  });

  it("pages through roles", async () => {
    await Promise.all(["c", "a", "b"].map((name) => createRole(name)));
    const first = await iam("ListRoles", { MaxItems: 2 });
    expect(first.IsTruncated).toBe(true);
    const second = await iam("ListRoles", { MaxItems: 2, Marker: first.Marker });
    expect([...first.Roles, ...second.Roles].map((role) => role.RoleName)).toEqual(["a", "b", "c"]);
    expect(second).toMatchObject({ IsTruncated: false });
  });

  it("has one state for all regions, and a service-linked role once", async () => {
    await iam("CreateServiceLinkedRole", { AWSServiceName: "lambda.amazonaws.com" });
    await expect(
      iam("CreateServiceLinkedRole", { AWSServiceName: "lambda.amazonaws.com" }),
    ).rejects.toMatchObject({
      code: "InvalidInputException",
    });
    const elsewhere = { ...local.caller, region: "us-east-1" };
    const { Role } = await local.target.call<Answer>(
      "iam",
      "GetRole",
      { RoleName: "AWSServiceRoleForLambda" },
      elsewhere,
    );
    expect(Role.Path).toBe("/aws-service-role/lambda.amazonaws.com/");
    await expect(iam("DeleteRole", { RoleName: "AWSServiceRoleForLambda" })).rejects.toMatchObject({
      code: "UnmodifiableEntityException",
    });
  });
});

it("keeps five versions of a policy, and the policy while it is attached", async () => {
  const { Policy } = await iam("CreatePolicy", { PolicyName: "p", PolicyDocument: permissions });
  const PolicyArn = Policy.Arn;
  const version = () =>
    iam("CreatePolicyVersion", { PolicyArn, PolicyDocument: permissions, SetAsDefault: true });
  await version();
  await version();
  await version();
  await version();
  await expect(version()).rejects.toMatchObject({ code: "LimitExceededException" });
  await iam("DeletePolicyVersion", { PolicyArn, VersionId: "v1" });
  expect((await version()).PolicyVersion).toMatchObject({
    VersionId: "v6",
    IsDefaultVersion: true,
  });
  await createRole();
  await iam("AttachRolePolicy", { RoleName: "r", PolicyArn });
  expect((await iam("GetPolicy", { PolicyArn })).Policy.AttachmentCount).toBe(1);
  await expect(iam("DeletePolicy", { PolicyArn })).rejects.toMatchObject({
    code: "DeleteConflictException",
  });
});

it("holds one role in an instance profile", async () => {
  await createRole("one");
  await createRole("two");
  await iam("CreateInstanceProfile", { InstanceProfileName: "p" });
  await iam("AddRoleToInstanceProfile", { InstanceProfileName: "p", RoleName: "one" });
  await expect(
    iam("AddRoleToInstanceProfile", { InstanceProfileName: "p", RoleName: "two" }),
  ).rejects.toMatchObject({
    code: "LimitExceededException",
  });
  await expect(iam("DeleteInstanceProfile", { InstanceProfileName: "p" })).rejects.toMatchObject({
    code: "DeleteConflictException",
  });
  await expect(iam("DeleteRole", { RoleName: "one" })).rejects.toMatchObject({
    code: "DeleteConflictException",
  });
});
