import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { changed, documentText, requiredText, text, texts } from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";
import { ServiceError } from "../../service-error.ts";

const taken = ["EntityAlreadyExistsException"];
const missing = ["NoSuchEntityException"];

function call<Output extends object>(
  context: ResourceContext,
  operation: string,
  input: object,
): Promise<Output> {
  return context.call<Output>("iam", operation, input, context.caller);
}

/** The local target has roles, but neither users nor groups. */
function refuseUsersAndGroups(properties: Properties) {
  for (const name of ["Users", "Groups"]) {
    if (texts(properties, name).length > 0) {
      throw new ServiceError(
        "NotImplemented",
        `The local target has no IAM ${name.toLowerCase()}.`,
      );
    }
  }
}

async function putInline(properties: Properties, context: ResourceContext) {
  const PolicyName = requiredText(properties, "PolicyName");
  const PolicyDocument = documentText(properties, "PolicyDocument");
  await Promise.all(
    texts(properties, "Roles").map((RoleName) =>
      call(context, "PutRolePolicy", { RoleName, PolicyName, PolicyDocument }),
    ),
  );
}

async function deleteInline(
  PolicyName: string,
  roles: readonly string[],
  context: ResourceContext,
) {
  await Promise.all(
    roles.map((RoleName) =>
      unlessMissing(missing, () => call(context, "DeleteRolePolicy", { RoleName, PolicyName })),
    ),
  );
}

/** An inline policy put into roles. `Ref` is a name of its own, not the policy's. */
export const policy: ResourceType = {
  type: "AWS::IAM::Policy",
  async create(properties, context) {
    refuseUsersAndGroups(properties);
    const physicalId = context.generateName(64);
    context.initiated?.(physicalId);
    await putInline(properties, context);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(physicalId, properties, previous, context) {
    refuseUsersAndGroups(properties);
    await putInline(properties, context);
    const oldName = requiredText(previous, "PolicyName");
    const kept =
      oldName === text(properties, "PolicyName")
        ? new Set(texts(properties, "Roles"))
        : new Set<string>();
    await deleteInline(
      oldName,
      texts(previous, "Roles").filter((name) => !kept.has(name)),
      context,
    );
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete(_physicalId, properties, context) {
    await deleteInline(requiredText(properties, "PolicyName"), texts(properties, "Roles"), context);
  },
};

interface PolicyAnswer {
  readonly Policy: {
    readonly Arn: string;
    readonly PolicyId: string;
    readonly AttachmentCount: number;
    readonly DefaultVersionId: string;
    readonly CreateDate: Date;
    readonly UpdateDate: Date;
  };
}

async function describeManaged(
  PolicyArn: string,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const { Policy } = await call<PolicyAnswer>(context, "GetPolicy", { PolicyArn });
  return {
    physicalId: PolicyArn,
    attributes: {
      PolicyArn,
      PolicyId: Policy.PolicyId,
      AttachmentCount: Policy.AttachmentCount,
      DefaultVersionId: Policy.DefaultVersionId,
      IsAttachable: true,
      PermissionsBoundaryUsageCount: 0,
      CreateDate: Policy.CreateDate.toISOString(),
      UpdateDate: Policy.UpdateDate.toISOString(),
    },
  };
}

async function attach(PolicyArn: string, roles: readonly string[], context: ResourceContext) {
  await Promise.all(
    roles.map((RoleName) => call(context, "AttachRolePolicy", { RoleName, PolicyArn })),
  );
}

async function detach(PolicyArn: string, roles: readonly string[], context: ResourceContext) {
  await Promise.all(
    roles.map((RoleName) =>
      unlessMissing(missing, () => call(context, "DetachRolePolicy", { RoleName, PolicyArn })),
    ),
  );
}

async function createManaged(
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  refuseUsersAndGroups(properties);
  const PolicyName = text(properties, "ManagedPolicyName") ?? context.generateName(128);
  const Path = text(properties, "Path") ?? "/";
  const PolicyArn = `arn:aws:iam::${context.caller.accountId}:policy${Path}${PolicyName}`;
  const Description = text(properties, "Description");
  await createNamed(context, PolicyName, taken, () =>
    call(context, "CreatePolicy", {
      PolicyName,
      Path,
      PolicyDocument: documentText(properties, "PolicyDocument"),
      ...(Description ? { Description } : {}),
    }),
  );
  context.initiated?.(PolicyArn);
  await attach(PolicyArn, texts(properties, "Roles"), context);
  return describeManaged(PolicyArn, context);
}

/** IAM keeps five versions of a policy; CloudFormation makes room by removing the oldest one. */
async function replaceDocument(
  PolicyArn: string,
  PolicyDocument: string | undefined,
  context: ResourceContext,
) {
  const { Versions } = await call<{ Versions: { VersionId: string; IsDefaultVersion: boolean }[] }>(
    context,
    "ListPolicyVersions",
    { PolicyArn },
  );
  const oldest = Versions.findLast((version) => !version.IsDefaultVersion);
  if (Versions.length >= 5 && oldest) {
    await call(context, "DeletePolicyVersion", { PolicyArn, VersionId: oldest.VersionId });
  }
  await call(context, "CreatePolicyVersion", { PolicyArn, PolicyDocument, SetAsDefault: true });
}

async function updateManaged(
  PolicyArn: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  refuseUsersAndGroups(properties);
  if (changed(properties, previous, ["PolicyDocument"])) {
    await replaceDocument(PolicyArn, documentText(properties, "PolicyDocument"), context);
  }
  const roles = new Set(texts(properties, "Roles"));
  await attach(PolicyArn, [...roles], context);
  await detach(
    PolicyArn,
    texts(previous, "Roles").filter((name) => !roles.has(name)),
    context,
  );
  return describeManaged(PolicyArn, context);
}

async function deleteManaged(PolicyArn: string, properties: Properties, context: ResourceContext) {
  const name = PolicyArn.slice(PolicyArn.lastIndexOf("/") + 1);
  await deleteNamed(context, name, missing, async () => {
    await detach(PolicyArn, texts(properties, "Roles"), context);
    const { Versions } = await call<{
      Versions: { VersionId: string; IsDefaultVersion: boolean }[];
    }>(context, "ListPolicyVersions", { PolicyArn });
    await Promise.all(
      Versions.filter((version) => !version.IsDefaultVersion).map(({ VersionId }) =>
        call(context, "DeletePolicyVersion", { PolicyArn, VersionId }),
      ),
    );
    await call(context, "DeletePolicy", { PolicyArn });
  });
}

export const managedPolicy: ResourceType = {
  type: "AWS::IAM::ManagedPolicy",
  create: createManaged,
  update: updateManaged,
  delete: deleteManaged,
};

async function describeProfile(
  InstanceProfileName: string,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const { InstanceProfile } = await call<{ InstanceProfile: { Arn: string } }>(
    context,
    "GetInstanceProfile",
    {
      InstanceProfileName,
    },
  );
  return { physicalId: InstanceProfileName, attributes: { Arn: InstanceProfile.Arn } };
}

async function addRoles(
  InstanceProfileName: string,
  roles: readonly string[],
  context: ResourceContext,
) {
  const { InstanceProfile } = await call<{
    InstanceProfile: { Roles?: readonly { readonly RoleName?: string }[] };
  }>(context, "GetInstanceProfile", { InstanceProfileName });
  // A repeated creation finds the role in its place, and IAM refuses to add it a second time.
  const there = new Set((InstanceProfile.Roles ?? []).map(({ RoleName }) => RoleName));
  await Promise.all(
    roles
      .filter((RoleName) => !there.has(RoleName))
      .map((RoleName) =>
        call(context, "AddRoleToInstanceProfile", { InstanceProfileName, RoleName }),
      ),
  );
}

async function removeRoles(
  InstanceProfileName: string,
  roles: readonly string[],
  context: ResourceContext,
) {
  await Promise.all(
    roles.map((RoleName) =>
      unlessMissing(missing, () =>
        call(context, "RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName }),
      ),
    ),
  );
}

export const instanceProfile: ResourceType = {
  type: "AWS::IAM::InstanceProfile",
  async create(properties, context) {
    const name = text(properties, "InstanceProfileName") ?? context.generateName(128);
    await createNamed(context, name, taken, () =>
      call(context, "CreateInstanceProfile", {
        InstanceProfileName: name,
        Path: text(properties, "Path") ?? "/",
      }),
    );
    context.initiated?.(name);
    await addRoles(name, texts(properties, "Roles"), context);
    return describeProfile(name, context);
  },
  async update(physicalId, properties, previous, context) {
    const wanted = new Set(texts(properties, "Roles"));
    await removeRoles(
      physicalId,
      texts(previous, "Roles").filter((name) => !wanted.has(name)),
      context,
    );
    await addRoles(physicalId, [...wanted], context);
    return describeProfile(physicalId, context);
  },
  async delete(physicalId, properties, context) {
    await deleteNamed(context, physicalId, missing, async () => {
      await removeRoles(physicalId, texts(properties, "Roles"), context);
      await call(context, "DeleteInstanceProfile", { InstanceProfileName: physicalId });
    });
  },
};
