import type { TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";

/** IAM has one state for all regions. */
export const globalRegion = "global";

export interface TagDocument {
  readonly Key: string;
  readonly Value: string;
}

export interface RoleDocument {
  readonly RoleName: string;
  readonly RoleId: string;
  readonly Arn: string;
  readonly Path: string;
  readonly CreateDate: string;
  readonly Description?: string;
  readonly MaxSessionDuration: number;
  readonly PermissionsBoundary?: string;
  /** JSON text, as it was given. */
  readonly AssumeRolePolicyDocument: string;
  readonly Tags: readonly TagDocument[];
  /** Policy documents (JSON text) by name. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
  readonly attachedPolicies: readonly string[];
}

export interface PolicyVersionDocument {
  readonly VersionId: string;
  readonly Document: string;
  readonly CreateDate: string;
}

export interface PolicyDocument {
  readonly PolicyName: string;
  readonly PolicyId: string;
  readonly Arn: string;
  readonly Path: string;
  readonly Description?: string;
  readonly CreateDate: string;
  readonly UpdateDate: string;
  readonly DefaultVersionId: string;
  /** Newest first. */
  readonly versions: readonly PolicyVersionDocument[];
  /** Version numbers are never used twice. */
  readonly lastVersion: number;
  readonly Tags: readonly TagDocument[];
}

export interface InstanceProfileDocument {
  readonly InstanceProfileName: string;
  readonly InstanceProfileId: string;
  readonly Arn: string;
  readonly Path: string;
  readonly CreateDate: string;
  readonly roles: readonly string[];
}

export interface IamStore {
  readonly roles: Collection<RoleDocument>;
  readonly policies: Collection<PolicyDocument>;
  readonly instanceProfiles: Collection<InstanceProfileDocument>;
}

export function openIamStore(target: TargetContext): IamStore {
  return {
    roles: target.state.collection("iam.roles"),
    policies: target.state.collection("iam.policies"),
    instanceProfiles: target.state.collection("iam.instance-profiles"),
  };
}

export function noSuchEntity(message: string): ServiceError {
  return new ServiceError("NoSuchEntityException", message);
}

export function alreadyExists(message: string): ServiceError {
  return new ServiceError("EntityAlreadyExistsException", message);
}

export function deleteConflict(message: string): ServiceError {
  return new ServiceError("DeleteConflictException", message);
}

export function roleNamed(store: IamStore, name: string): RoleDocument {
  const role = store.roles.get(globalRegion, name);
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A unique id as IAM makes it: `AROA` (role), `ANPA` (policy), `AIPA` (instance profile) and 17 characters. */
export function newUniqueId(target: Pick<TargetContext, "random">, prefix: string): string {
  let id = prefix;
  while (id.length < prefix.length + 17)
    id += alphabet[Math.floor(target.random() * alphabet.length)];
  return id;
}

/** Names of roles, policies and instance profiles (IAM user guide, "IAM identifiers"). */
export function checkName(member: string, name: string, maximum: number): void {
  if (name.length > maximum) {
    throw new ServiceError(
      "ValidationError",
      `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${maximum}`,
      { status: 400 },
    );
  }
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw new ServiceError(
      "ValidationError",
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
      { status: 400 },
    );
  }
}

export function checkPath(path: string): void {
  if (/^\/(?:[!-~]+\/)?$/.test(path)) return;
  throw new ServiceError(
    "ValidationError",
    "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    { status: 400 },
  );
}

/** `Tags` with those of `added` set, and those of `removed` taken away. */
export function changeTags(
  tags: readonly TagDocument[],
  added: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
  removed: readonly string[] = [],
): TagDocument[] {
  const byKey = new Map(tags.map(({ Key, Value }) => [Key, Value]));
  for (const { Key, Value } of added) byKey.set(Key ?? "", Value ?? "");
  for (const key of removed) byKey.delete(key);
  return [...byKey].map(([Key, Value]) => ({ Key, Value }));
}
