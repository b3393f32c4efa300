import type {
  AddRoleToInstanceProfileRequest,
  CreateInstanceProfileRequest,
  DeleteInstanceProfileRequest,
  GetInstanceProfileRequest,
  InstanceProfile,
  ListInstanceProfilesForRoleRequest,
  ListInstanceProfilesRequest,
  RemoveRoleFromInstanceProfileRequest,
} from "@aws-sdk/client-iam";

import type { Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { page } from "./pages.ts";
import { refuseServiceLinked, roleShape } from "./roles.ts";
import type { IamStore, InstanceProfileDocument } from "./store.ts";
import {
  alreadyExists,
  checkName,
  checkPath,
  deleteConflict,
  globalRegion,
  newUniqueId,
  noSuchEntity,
  openIamStore,
  roleNamed,
} from "./store.ts";

function find(store: IamStore, name: string): InstanceProfileDocument {
  const profile = store.instanceProfiles.get(globalRegion, name);
  if (!profile) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return profile;
}

function shape(store: IamStore, profile: InstanceProfileDocument): InstanceProfile {
  const { roles, CreateDate, ...rest } = profile;
  return {
    ...rest,
    CreateDate: new Date(CreateDate),
    Roles: roles.map((name) => roleShape(roleNamed(store, name), { listed: true })),
  };
}

function create(
  target: TargetContext,
  input: CreateInstanceProfileRequest,
): InstanceProfileDocument {
  const store = openIamStore(target);
  const name = input.InstanceProfileName ?? "";
  const path = input.Path ?? "/";
  checkName("instanceProfileName", name, 128);
  checkPath(path);
  if (store.instanceProfiles.get(globalRegion, name)) {
    throw alreadyExists(`Instance Profile ${name} already exists.`);
  }
  const profile = {
    InstanceProfileName: name,
    InstanceProfileId: newUniqueId(target, "AIPA"),
    Arn: `arn:aws:iam::${target.accountId}:instance-profile${path}${name}`,
    Path: path,
    CreateDate: target.clock.now().toISOString(),
    roles: [],
  };
  store.instanceProfiles.put(globalRegion, name, profile);
  return profile;
}

function addRole(store: IamStore, input: AddRoleToInstanceProfileRequest): void {
  const profile = find(store, input.InstanceProfileName ?? "");
  const { RoleName } = refuseServiceLinked(roleNamed(store, input.RoleName ?? ""));
  if (profile.roles.length > 0) {
    throw new ServiceError(
      "LimitExceededException",
      "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
    );
  }
  store.instanceProfiles.put(globalRegion, profile.InstanceProfileName, {
    ...profile,
    roles: [RoleName],
  });
}

export function instanceProfileOperations(target: TargetContext): Record<string, Operation> {
  const store = openIamStore(target);

  function list(profiles: InstanceProfileDocument[], input: ListInstanceProfilesRequest) {
    const { items, ...rest } = page(profiles, (profile) => profile.InstanceProfileName, input);
    return { InstanceProfiles: items.map((profile) => shape(store, profile)), ...rest };
  }

  return {
    CreateInstanceProfile: async (input: CreateInstanceProfileRequest) => ({
      InstanceProfile: shape(store, create(target, input)),
    }),
    GetInstanceProfile: async (input: GetInstanceProfileRequest) => ({
      InstanceProfile: shape(store, find(store, input.InstanceProfileName ?? "")),
    }),
    async ListInstanceProfiles(input: ListInstanceProfilesRequest) {
      const all = store.instanceProfiles.list(globalRegion);
      return list(
        all.filter((profile) => profile.Path.startsWith(input.PathPrefix ?? "/")),
        input,
      );
    },
    async ListInstanceProfilesForRole(input: ListInstanceProfilesForRoleRequest) {
      const { RoleName } = roleNamed(store, input.RoleName ?? "");
      const all = store.instanceProfiles.list(globalRegion);
      return list(
        all.filter((profile) => profile.roles.includes(RoleName)),
        input,
      );
    },
    async AddRoleToInstanceProfile(input: AddRoleToInstanceProfileRequest) {
      addRole(store, input);
      return {};
    },
    async RemoveRoleFromInstanceProfile(input: RemoveRoleFromInstanceProfileRequest) {
      const profile = find(store, input.InstanceProfileName ?? "");
      const { RoleName } = roleNamed(store, input.RoleName ?? "");
      if (!profile.roles.includes(RoleName))
        throw noSuchEntity(`The role with name ${RoleName} cannot be found.`);
      store.instanceProfiles.put(globalRegion, profile.InstanceProfileName, {
        ...profile,
        roles: [],
      });
      return {};
    },
    async DeleteInstanceProfile(input: DeleteInstanceProfileRequest) {
      const profile = find(store, input.InstanceProfileName ?? "");
      if (profile.roles.length > 0) {
        throw deleteConflict(
          "Cannot delete entity, must remove roles from instance profile first.",
        );
      }
      store.instanceProfiles.delete(globalRegion, profile.InstanceProfileName);
      return {};
    },
  };
}
