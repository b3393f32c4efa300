import type {
  CreatePolicyRequest,
  CreatePolicyVersionRequest,
  DeletePolicyRequest,
  DeletePolicyVersionRequest,
  GetPolicyRequest,
  GetPolicyVersionRequest,
  ListEntitiesForPolicyRequest,
  ListPoliciesRequest,
  ListPolicyTagsRequest,
  ListPolicyVersionsRequest,
  Policy,
  SetDefaultPolicyVersionRequest,
  TagPolicyRequest,
  UntagPolicyRequest,
} from "@aws-sdk/client-iam";

import type { Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { awsManagedPolicyArns, isAwsManagedPolicy } from "./managed-policies.ts";
import { page } from "./pages.ts";
import { checkPolicyDocument } from "./policy-document.ts";
import type { IamStore, PolicyDocument, PolicyVersionDocument } from "./store.ts";
import {
  alreadyExists,
  changeTags,
  checkName,
  checkPath,
  deleteConflict,
  globalRegion,
  newUniqueId,
  noSuchEntity,
  openIamStore,
} from "./store.ts";

/** Versions that IAM keeps of one policy (IAM user guide, "IAM and AWS STS quotas"). */
const maximumVersions = 5;
/** AWS's own policies have no date here that would be true. */
const awsPolicyDate = "2015-02-06T18:39:46.000Z";

function attachmentCount(store: IamStore, arn: string): number {
  return store.roles.list(globalRegion).filter((role) => role.attachedPolicies.includes(arn))
    .length;
}

function shape(store: IamStore, policy: PolicyDocument): Policy {
  return {
    PolicyName: policy.PolicyName,
    PolicyId: policy.PolicyId,
    Arn: policy.Arn,
    Path: policy.Path,
    DefaultVersionId: policy.DefaultVersionId,
    AttachmentCount: attachmentCount(store, policy.Arn),
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: new Date(policy.CreateDate),
    UpdateDate: new Date(policy.UpdateDate),
    ...(policy.Description === undefined ? {} : { Description: policy.Description }),
    ...(policy.Tags.length === 0 ? {} : { Tags: [...policy.Tags] }),
  };
}

/** A policy of AWS: name and path are known, the document is not. */
function awsPolicy(arn: string): PolicyDocument {
  const [path, name] = [
    arn.slice(arn.indexOf("/"), arn.lastIndexOf("/") + 1),
    arn.slice(arn.lastIndexOf("/") + 1),
  ];
  return {
    PolicyName: name,
    PolicyId: `ANPA${Buffer.from(name).toString("hex").toUpperCase().slice(0, 17)}`,
    Arn: arn,
    Path: path,
    CreateDate: awsPolicyDate,
    UpdateDate: awsPolicyDate,
    DefaultVersionId: "v1",
    versions: [],
    lastVersion: 1,
    Tags: [],
  };
}

function find(store: IamStore, arn: string): PolicyDocument {
  const policy =
    store.policies.get(globalRegion, arn) ?? (isAwsManagedPolicy(arn) ? awsPolicy(arn) : undefined);
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

/** One of the account's own policies: AWS's cannot be changed. */
function findOwn(store: IamStore, arn: string): PolicyDocument {
  const policy = store.policies.get(globalRegion, arn);
  if (policy) return policy;
  if (isAwsManagedPolicy(arn)) {
    throw new ServiceError("AccessDenied", `AWS managed policy ${arn} cannot be changed.`, {
      status: 403,
    });
  }
  throw noSuchEntity(`Policy ${arn} was not found.`);
}

function versionOf(policy: PolicyDocument, id: string): PolicyVersionDocument {
  const version = policy.versions.find((candidate) => candidate.VersionId === id);
  if (version) return version;
  if (policy.versions.length === 0 && id === policy.DefaultVersionId) {
    throw new ServiceError(
      "NotImplemented",
      `The local target does not have the document of ${policy.Arn}.`,
      { status: 501 },
    );
  }
  throw noSuchEntity(`Policy ${policy.Arn} version ${id} does not exist or is not attachable.`);
}

/** `v2` before `v10`. */
const numberOf = ({ VersionId }: PolicyVersionDocument) => VersionId.slice(1).padStart(9, "0");

function versionShape(policy: PolicyDocument, version: PolicyVersionDocument) {
  return {
    VersionId: version.VersionId,
    IsDefaultVersion: version.VersionId === policy.DefaultVersionId,
    CreateDate: new Date(version.CreateDate),
  };
}

function createPolicy(target: TargetContext, input: CreatePolicyRequest): PolicyDocument {
  const store = openIamStore(target);
  const name = input.PolicyName ?? "";
  const path = input.Path ?? "/";
  checkName("policyName", name, 128);
  checkPath(path);
  const document = input.PolicyDocument ?? "";
  checkPolicyDocument(document, "permissions");
  if (store.policies.list(globalRegion).some((policy) => policy.PolicyName === name)) {
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  const now = target.clock.now().toISOString();
  const policy: PolicyDocument = {
    PolicyName: name,
    PolicyId: newUniqueId(target, "ANPA"),
    Arn: `arn:aws:iam::${target.accountId}:policy${path}${name}`,
    Path: path,
    CreateDate: now,
    UpdateDate: now,
    DefaultVersionId: "v1",
    versions: [{ VersionId: "v1", Document: document, CreateDate: now }],
    lastVersion: 1,
    Tags: changeTags([], input.Tags ?? []),
    ...(input.Description === undefined ? {} : { Description: input.Description }),
  };
  store.policies.put(globalRegion, policy.Arn, policy);
  return policy;
}

function createVersion(target: TargetContext, input: CreatePolicyVersionRequest) {
  const store = openIamStore(target);
  const policy = findOwn(store, input.PolicyArn ?? "");
  const document = input.PolicyDocument ?? "";
  checkPolicyDocument(document, "permissions");
  if (policy.versions.length >= maximumVersions) {
    throw new ServiceError(
      "LimitExceededException",
      "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
    );
  }
  const now = target.clock.now().toISOString();
  const version = { VersionId: `v${policy.lastVersion + 1}`, Document: document, CreateDate: now };
  const updated: PolicyDocument = {
    ...policy,
    UpdateDate: now,
    lastVersion: policy.lastVersion + 1,
    versions: [version, ...policy.versions],
    DefaultVersionId: input.SetAsDefault ? version.VersionId : policy.DefaultVersionId,
  };
  store.policies.put(globalRegion, policy.Arn, updated);
  return { PolicyVersion: versionShape(updated, version) };
}

function deletePolicy(store: IamStore, arn: string): void {
  const policy = findOwn(store, arn);
  if (attachmentCount(store, arn) > 0)
    throw deleteConflict("Cannot delete a policy attached to entities.");
  if (policy.versions.length > 1) {
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  store.policies.delete(globalRegion, arn);
}

function listPolicies(store: IamStore, input: ListPoliciesRequest) {
  const own = input.Scope === "AWS" ? [] : store.policies.list(globalRegion);
  const ofAws = input.Scope === "Local" ? [] : awsManagedPolicyArns.map(awsPolicy);
  const all = [...own, ...ofAws]
    .map((policy) => shape(store, policy))
    .filter((policy) => (policy.Path ?? "/").startsWith(input.PathPrefix ?? "/"))
    .filter((policy) => !input.OnlyAttached || (policy.AttachmentCount ?? 0) > 0);
  const { items, ...rest } = page(all, (policy) => policy.Arn ?? "", input);
  return { Policies: items, ...rest };
}

function versionOperations(target: TargetContext): Record<string, Operation> {
  const store = openIamStore(target);
  return {
    CreatePolicyVersion: async (input: CreatePolicyVersionRequest) => createVersion(target, input),
    async GetPolicyVersion(input: GetPolicyVersionRequest) {
      const policy = find(store, input.PolicyArn ?? "");
      const version = versionOf(policy, input.VersionId ?? "");
      return {
        PolicyVersion: {
          ...versionShape(policy, version),
          Document: encodeURIComponent(version.Document),
        },
      };
    },
    async ListPolicyVersions(input: ListPolicyVersionsRequest) {
      const policy = find(store, input.PolicyArn ?? "");
      const { items, ...rest } = page(policy.versions, numberOf, input);
      return { Versions: items.map((version) => versionShape(policy, version)), ...rest };
    },
    async SetDefaultPolicyVersion(input: SetDefaultPolicyVersionRequest) {
      const policy = findOwn(store, input.PolicyArn ?? "");
      const { VersionId } = versionOf(policy, input.VersionId ?? "");
      store.policies.put(globalRegion, policy.Arn, { ...policy, DefaultVersionId: VersionId });
      return {};
    },
    async DeletePolicyVersion(input: DeletePolicyVersionRequest) {
      const policy = findOwn(store, input.PolicyArn ?? "");
      const { VersionId } = versionOf(policy, input.VersionId ?? "");
      if (VersionId === policy.DefaultVersionId) {
        throw deleteConflict("Cannot delete the default version of a policy.");
      }
      const versions = policy.versions.filter((version) => version.VersionId !== VersionId);
      store.policies.put(globalRegion, policy.Arn, { ...policy, versions });
      return {};
    },
  };
}

export function policyOperations(target: TargetContext): Record<string, Operation> {
  const store = openIamStore(target);
  return {
    ...versionOperations(target),
    CreatePolicy: async (input: CreatePolicyRequest) => ({
      Policy: shape(store, createPolicy(target, input)),
    }),
    GetPolicy: async (input: GetPolicyRequest) => ({
      Policy: shape(store, find(store, input.PolicyArn ?? "")),
    }),
    ListPolicies: async (input: ListPoliciesRequest) => listPolicies(store, input),
    async DeletePolicy(input: DeletePolicyRequest) {
      deletePolicy(store, input.PolicyArn ?? "");
      return {};
    },
    async ListEntitiesForPolicy(input: ListEntitiesForPolicyRequest) {
      const { Arn } = find(store, input.PolicyArn ?? "");
      const roles = store.roles
        .list(globalRegion)
        .filter((role) => role.attachedPolicies.includes(Arn));
      const { items, ...rest } = page(roles, (role) => role.RoleName, input);
      return {
        PolicyRoles: items.map(({ RoleName, RoleId }) => ({ RoleName, RoleId })),
        PolicyUsers: [],
        PolicyGroups: [],
        ...rest,
      };
    },
    async TagPolicy(input: TagPolicyRequest) {
      const policy = findOwn(store, input.PolicyArn ?? "");
      store.policies.put(globalRegion, policy.Arn, {
        ...policy,
        Tags: changeTags(policy.Tags, input.Tags ?? []),
      });
      return {};
    },
    async UntagPolicy(input: UntagPolicyRequest) {
      const policy = findOwn(store, input.PolicyArn ?? "");
      const Tags = changeTags(policy.Tags, [], input.TagKeys ?? []);
      store.policies.put(globalRegion, policy.Arn, { ...policy, Tags });
      return {};
    },
    async ListPolicyTags(input: ListPolicyTagsRequest) {
      const { items, ...rest } = page(
        find(store, input.PolicyArn ?? "").Tags,
        (tag) => tag.Key,
        input,
      );
      return { Tags: items, ...rest };
    },
  };
}
