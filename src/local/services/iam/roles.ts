import type {
  CreateRoleRequest,
  DeleteRolePermissionsBoundaryRequest,
  DeleteRoleRequest,
  GetRoleRequest,
  ListRolesRequest,
  ListRoleTagsRequest,
  PutRolePermissionsBoundaryRequest,
  Role,
  TagRoleRequest,
  UntagRoleRequest,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleDescriptionRequest,
  UpdateRoleRequest,
} from "@aws-sdk/client-iam";

import type { Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { page } from "./pages.ts";
import { checkPolicyDocument } from "./policy-document.ts";
import type { RoleDocument } from "./store.ts";
import {
  alreadyExists,
  changeTags,
  checkName,
  checkPath,
  deleteConflict,
  globalRegion,
  newUniqueId,
  openIamStore,
  roleNamed,
} from "./store.ts";

/** Seconds; IAM's default (IAM API reference, CreateRole). */
const defaultSessionDuration = 3600;
const serviceLinkedPath = "/aws-service-role/";

export function roleShape(role: RoleDocument, options: { readonly listed?: boolean } = {}): Role {
  return {
    RoleName: role.RoleName,
    RoleId: role.RoleId,
    Arn: role.Arn,
    Path: role.Path,
    CreateDate: new Date(role.CreateDate),
    // IAM answers policy documents URL-encoded (RFC 3986).
    AssumeRolePolicyDocument: encodeURIComponent(role.AssumeRolePolicyDocument),
    MaxSessionDuration: role.MaxSessionDuration,
    ...(role.Description === undefined ? {} : { Description: role.Description }),
    // Lists leave tags and boundary out (IAM API reference, ListRoles).
    ...(options.listed ? {} : { RoleLastUsed: {} }),
    ...(options.listed || role.Tags.length === 0 ? {} : { Tags: [...role.Tags] }),
    ...(options.listed || role.PermissionsBoundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: "PermissionsBoundaryPolicy",
            PermissionsBoundaryArn: role.PermissionsBoundary,
          },
        }),
  };
}

/** Makes the document of a new role and stores it. */
export function addRole(target: TargetContext, input: CreateRoleRequest): RoleDocument {
  const store = openIamStore(target);
  const RoleName = input.RoleName ?? "";
  if (store.roles.get(globalRegion, RoleName))
    throw alreadyExists(`Role with name ${RoleName} already exists.`);
  const Path = input.Path ?? "/";
  const role: RoleDocument = {
    RoleName,
    RoleId: newUniqueId(target, "AROA"),
    Arn: `arn:aws:iam::${target.accountId}:role${Path}${RoleName}`,
    Path,
    CreateDate: target.clock.now().toISOString(),
    MaxSessionDuration: input.MaxSessionDuration ?? defaultSessionDuration,
    AssumeRolePolicyDocument: input.AssumeRolePolicyDocument ?? "",
    Tags: changeTags([], input.Tags ?? []),
    inlinePolicies: {},
    attachedPolicies: [],
    ...(input.Description === undefined ? {} : { Description: input.Description }),
    ...(input.PermissionsBoundary === undefined
      ? {}
      : { PermissionsBoundary: input.PermissionsBoundary }),
  };
  store.roles.put(globalRegion, RoleName, role);
  return role;
}

export function isServiceLinked({ Path }: RoleDocument): boolean {
  return Path.startsWith(serviceLinkedPath);
}

export function refuseServiceLinked(role: RoleDocument): RoleDocument {
  if (!isServiceLinked(role)) return role;
  throw new ServiceError(
    "UnmodifiableEntityException",
    `Cannot perform the operation on the protected role '${role.RoleName}' - this role is only modifiable by AWS`,
  );
}

/** Refuses to remove a role that still has policies or instance profiles. */
function deleteRole(target: TargetContext, name: string): void {
  const store = openIamStore(target);
  const role = refuseServiceLinked(roleNamed(store, name));
  if (role.attachedPolicies.length > 0) {
    throw deleteConflict("Cannot delete entity, must detach all policies first.");
  }
  if (Object.keys(role.inlinePolicies).length > 0) {
    throw deleteConflict("Cannot delete entity, must delete policies first.");
  }
  if (store.instanceProfiles.list(globalRegion).some((profile) => profile.roles.includes(name))) {
    throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
  }
  store.roles.delete(globalRegion, name);
}

/** Changes a role that is not AWS's own; tags it may have, as the errors of TagRole in IAM's API reference say. */
function changeRole(
  target: TargetContext,
  name: string | undefined,
  edit: (role: RoleDocument) => RoleDocument,
  isAllowed: (role: RoleDocument) => RoleDocument = refuseServiceLinked,
): RoleDocument {
  const store = openIamStore(target);
  const role = edit(isAllowed(roleNamed(store, name ?? "")));
  store.roles.put(globalRegion, role.RoleName, role);
  return role;
}

function settingOperations(target: TargetContext): Record<string, Operation> {
  return {
    async UpdateRole(input: UpdateRoleRequest) {
      changeRole(target, input.RoleName, (role) => ({
        ...role,
        MaxSessionDuration: input.MaxSessionDuration ?? defaultSessionDuration,
        ...(input.Description === undefined ? {} : { Description: input.Description }),
      }));
      return {};
    },
    async UpdateRoleDescription(input: UpdateRoleDescriptionRequest) {
      const role = changeRole(target, input.RoleName, (before) => ({
        ...before,
        Description: input.Description ?? "",
      }));
      return { Role: roleShape(role) };
    },
    async UpdateAssumeRolePolicy(input: UpdateAssumeRolePolicyRequest) {
      const document = input.PolicyDocument ?? "";
      checkPolicyDocument(document, "trust");
      changeRole(target, input.RoleName, (role) => ({
        ...role,
        AssumeRolePolicyDocument: document,
      }));
      return {};
    },
    async PutRolePermissionsBoundary(input: PutRolePermissionsBoundaryRequest) {
      changeRole(target, input.RoleName, (role) => ({
        ...role,
        PermissionsBoundary: input.PermissionsBoundary ?? "",
      }));
      return {};
    },
    async DeleteRolePermissionsBoundary(input: DeleteRolePermissionsBoundaryRequest) {
      changeRole(target, input.RoleName, ({ PermissionsBoundary: _boundary, ...role }) => role);
      return {};
    },
  };
}

const anyRole = (role: RoleDocument) => role;

function changeTagsOf(
  target: TargetContext,
  name: string | undefined,
  edit: (tags: RoleDocument["Tags"]) => RoleDocument["Tags"],
): void {
  changeRole(target, name, (role) => ({ ...role, Tags: edit(role.Tags) }), anyRole);
}

function tagOperations(target: TargetContext): Record<string, Operation> {
  const store = openIamStore(target);
  return {
    async TagRole(input: TagRoleRequest) {
      changeTagsOf(target, input.RoleName, (tags) => changeTags(tags, input.Tags ?? []));
      return {};
    },
    async UntagRole(input: UntagRoleRequest) {
      changeTagsOf(target, input.RoleName, (tags) => changeTags(tags, [], input.TagKeys ?? []));
      return {};
    },
    async ListRoleTags(input: ListRoleTagsRequest) {
      const { items, ...rest } = page(
        roleNamed(store, input.RoleName ?? "").Tags,
        (tag) => tag.Key,
        input,
      );
      return { Tags: items, ...rest };
    },
  };
}

export function roleOperations(target: TargetContext): Record<string, Operation> {
  const store = openIamStore(target);

  return {
    ...settingOperations(target),
    ...tagOperations(target),
    async CreateRole(input: CreateRoleRequest) {
      checkName("roleName", input.RoleName ?? "", 64);
      checkPath(input.Path ?? "/");
      checkPolicyDocument(input.AssumeRolePolicyDocument ?? "", "trust");
      return { Role: roleShape(addRole(target, input)) };
    },
    async GetRole(input: GetRoleRequest) {
      return { Role: roleShape(roleNamed(store, input.RoleName ?? "")) };
    },
    async ListRoles(input: ListRolesRequest) {
      const all = store.roles
        .list(globalRegion)
        .filter((role) => role.Path.startsWith(input.PathPrefix ?? "/"));
      const { items, ...rest } = page(all, (role) => role.RoleName, input);
      return { Roles: items.map((role) => roleShape(role, { listed: true })), ...rest };
    },
    async DeleteRole(input: DeleteRoleRequest) {
      deleteRole(target, input.RoleName ?? "");
      return {};
    },
  };
}
