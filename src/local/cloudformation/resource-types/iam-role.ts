import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import {
  changed,
  documentText,
  number,
  objects,
  requiredText,
  tagChanges,
  tagList,
  text,
  texts,
} from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

const taken = ["EntityAlreadyExistsException"];
const missing = ["NoSuchEntityException"];
/** Role names (IAM user guide, "IAM and AWS STS quotas"). */
const nameLength = 64;

function call<Output extends object>(
  context: ResourceContext,
  operation: string,
  input: object,
): Promise<Output> {
  return context.call<Output>("iam", operation, input, context.caller);
}

async function describe(RoleName: string, context: ResourceContext): Promise<ProvisionedResource> {
  const { Role } = await call<{ Role: { Arn: string; RoleId: string } }>(context, "GetRole", {
    RoleName,
  });
  return { physicalId: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
}

async function attachAll(RoleName: string, arns: readonly string[], context: ResourceContext) {
  await Promise.all(
    arns.map((PolicyArn) => call(context, "AttachRolePolicy", { RoleName, PolicyArn })),
  );
}

async function putAll(RoleName: string, policies: readonly Properties[], context: ResourceContext) {
  await Promise.all(
    policies.map((policy) =>
      call(context, "PutRolePolicy", {
        RoleName,
        PolicyName: requiredText(policy, "PolicyName"),
        PolicyDocument: documentText(policy, "PolicyDocument"),
      }),
    ),
  );
}

async function remove(RoleName: string, properties: Properties, context: ResourceContext) {
  await deleteNamed(context, RoleName, missing, async () => {
    await detachAll(RoleName, texts(properties, "ManagedPolicyArns"), context);
    await deleteAll(RoleName, objects(properties, "Policies"), context);
    await call(context, "DeleteRole", { RoleName });
  });
}

async function detachAll(RoleName: string, arns: readonly string[], context: ResourceContext) {
  await Promise.all(
    arns.map((PolicyArn) =>
      unlessMissing(missing, () => call(context, "DetachRolePolicy", { RoleName, PolicyArn })),
    ),
  );
}

async function deleteAll(
  RoleName: string,
  policies: readonly Properties[],
  context: ResourceContext,
) {
  await Promise.all(
    policies.map((policy) =>
      unlessMissing(missing, () =>
        call(context, "DeleteRolePolicy", {
          RoleName,
          PolicyName: requiredText(policy, "PolicyName"),
        }),
      ),
    ),
  );
}

/** Seconds (IAM API reference, CreateRole). */
const defaultSessionDuration = 3600;

function settings(properties: Properties) {
  return {
    Description: text(properties, "Description") ?? "",
    MaxSessionDuration: number(properties, "MaxSessionDuration") ?? defaultSessionDuration,
  };
}

async function create(
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const RoleName = text(properties, "RoleName") ?? context.generateName(nameLength);
  const boundary = text(properties, "PermissionsBoundary");
  await createNamed(context, RoleName, taken, () =>
    call(context, "CreateRole", {
      RoleName,
      ...settings(properties),
      AssumeRolePolicyDocument: documentText(properties, "AssumeRolePolicyDocument"),
      Path: text(properties, "Path") ?? "/",
      Tags: tagList(properties, context),
      ...(boundary ? { PermissionsBoundary: boundary } : {}),
    }),
  );
  context.initiated?.(RoleName);
  await attachAll(RoleName, texts(properties, "ManagedPolicyArns"), context);
  await putAll(RoleName, objects(properties, "Policies"), context);
  return describe(RoleName, context);
}

async function update(
  RoleName: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  if (changed(properties, previous, ["AssumeRolePolicyDocument"])) {
    const PolicyDocument = documentText(properties, "AssumeRolePolicyDocument");
    await call(context, "UpdateAssumeRolePolicy", { RoleName, PolicyDocument });
  }
  if (changed(properties, previous, ["Description", "MaxSessionDuration"])) {
    await call(context, "UpdateRole", { RoleName, ...settings(properties) });
  }
  if (changed(properties, previous, ["PermissionsBoundary"])) {
    const PermissionsBoundary = text(properties, "PermissionsBoundary");
    await (PermissionsBoundary
      ? call(context, "PutRolePermissionsBoundary", { RoleName, PermissionsBoundary })
      : call(context, "DeleteRolePermissionsBoundary", { RoleName }));
  }
  const arns = new Set(texts(properties, "ManagedPolicyArns"));
  await attachAll(RoleName, [...arns], context);
  await detachAll(
    RoleName,
    texts(previous, "ManagedPolicyArns").filter((arn) => !arns.has(arn)),
    context,
  );
  const policies = objects(properties, "Policies");
  const names = new Set(policies.map((policy) => requiredText(policy, "PolicyName")));
  await putAll(RoleName, policies, context);
  const dropped = objects(previous, "Policies").filter(
    (policy) => !names.has(requiredText(policy, "PolicyName")),
  );
  await deleteAll(RoleName, dropped, context);
  const { set, removedKeys } = tagChanges(properties, previous, context);
  if (removedKeys.length > 0) await call(context, "UntagRole", { RoleName, TagKeys: removedKeys });
  if (set.length > 0) await call(context, "TagRole", { RoleName, Tags: set });
  return describe(RoleName, context);
}

export const role: ResourceType = { type: "AWS::IAM::Role", create, update, delete: remove };
