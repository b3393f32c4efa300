import type { Tag } from "../stack-record.ts";
import { document, ownTags } from "./reader.ts";
import type { ReadContext, Reader } from "./reader.ts";

type Answer = Readonly<Record<string, unknown>>;

async function attached(RoleName: string, { call }: ReadContext): Promise<string[]> {
  const { AttachedPolicies } = await call<{ AttachedPolicies: { PolicyArn: string }[] }>(
    "iam",
    "ListAttachedRolePolicies",
    { RoleName },
  );
  return AttachedPolicies.map(({ PolicyArn }) => PolicyArn);
}

/** Inline policies, without those that other resources of the stack put there. */
async function inline(RoleName: string, { call, siblings }: ReadContext): Promise<object[]> {
  const { PolicyNames } = await call<{ PolicyNames: string[] }>("iam", "ListRolePolicies", {
    RoleName,
  });
  const ofOthers = new Set(
    siblings
      .filter(({ type }) => type === "AWS::IAM::Policy" || type === "AWS::IAM::RolePolicy")
      .map(({ properties }) => properties["PolicyName"]),
  );
  const own = PolicyNames.filter((name) => !ofOthers.has(name));
  return Promise.all(
    own.map(async (PolicyName) => {
      const answer = await call<{ PolicyDocument: string }>("iam", "GetRolePolicy", {
        RoleName,
        PolicyName,
      });
      return { PolicyName, PolicyDocument: document(answer.PolicyDocument) };
    }),
  );
}

const role: Reader = async (RoleName, context) => {
  const { Role } = await context.call<{
    Role: Answer & {
      readonly AssumeRolePolicyDocument: string;
      readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn: string };
      readonly Tags?: readonly Tag[];
    };
  }>("iam", "GetRole", { RoleName });
  const managed = new Set(
    context.siblings
      .filter(({ type }) => type === "AWS::IAM::ManagedPolicy")
      .map(({ physicalId }) => physicalId),
  );
  const given = context.resource.properties["ManagedPolicyArns"];
  const wanted = new Set<unknown>(Array.isArray(given) ? given : []);
  const arns = await attached(RoleName, context);
  return {
    RoleName,
    Path: Role["Path"],
    Description: Role["Description"],
    MaxSessionDuration: Role["MaxSessionDuration"],
    AssumeRolePolicyDocument: document(Role.AssumeRolePolicyDocument),
    PermissionsBoundary: Role.PermissionsBoundary?.PermissionsBoundaryArn,
    // A managed policy of the stack that attaches itself is that resource's own matter.
    ManagedPolicyArns: arns.filter((arn) => wanted.has(arn) || !managed.has(arn)),
    Policies: await inline(RoleName, context),
    Tags: ownTags(Role.Tags, context),
  };
};

/** One document for all roles: where they differ, the first that is not as expected is told. */
const policy: Reader = async (_id, { call, resource }) => {
  const { PolicyName, Roles } = resource.properties;
  const names = Array.isArray(Roles) ? Roles.map(String) : [];
  const found: { readonly name: string; readonly text: string }[] = [];
  for (const RoleName of names) {
    const { PolicyNames } = await call<{ PolicyNames: string[] }>("iam", "ListRolePolicies", {
      RoleName,
    });
    if (!PolicyNames.includes(String(PolicyName))) continue;
    const answer = await call<{ PolicyDocument: string }>("iam", "GetRolePolicy", {
      RoleName,
      PolicyName,
    });
    found.push({ name: RoleName, text: answer.PolicyDocument });
  }
  if (found.length === 0 && names.length > 0) return undefined;
  const documents = found.map(({ text }) => JSON.stringify(document(text)));
  const expected = JSON.stringify(resource.properties["PolicyDocument"]);
  const shown = documents.find((text) => text !== expected) ?? documents[0];
  return {
    PolicyName,
    PolicyDocument: shown === undefined ? undefined : (JSON.parse(shown) as unknown),
    Roles: found.map(({ name }) => name),
  };
};

const managedPolicy: Reader = async (PolicyArn, { call }) => {
  const { Policy } = await call<{
    Policy: Answer & { readonly DefaultVersionId: string };
  }>("iam", "GetPolicy", { PolicyArn });
  const { PolicyVersion } = await call<{ PolicyVersion: { readonly Document: string } }>(
    "iam",
    "GetPolicyVersion",
    { PolicyArn, VersionId: Policy.DefaultVersionId },
  );
  return {
    ManagedPolicyName: Policy["PolicyName"],
    Path: Policy["Path"],
    Description: Policy["Description"],
    PolicyDocument: document(PolicyVersion.Document),
  };
};

const instanceProfile: Reader = async (InstanceProfileName, { call }) => {
  const { InstanceProfile } = await call<{
    InstanceProfile: Answer & { readonly Roles: readonly { readonly RoleName: string }[] };
  }>("iam", "GetInstanceProfile", { InstanceProfileName });
  return {
    InstanceProfileName,
    Path: InstanceProfile["Path"],
    Roles: InstanceProfile.Roles.map(({ RoleName }) => RoleName),
  };
};

export const iamReaders: Readonly<Record<string, Reader>> = {
  "AWS::IAM::Role": role,
  "AWS::IAM::Policy": policy,
  "AWS::IAM::ManagedPolicy": managedPolicy,
  "AWS::IAM::InstanceProfile": instanceProfile,
};
