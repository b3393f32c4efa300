import type {
  AttachRolePolicyRequest,
  DeleteRolePolicyRequest,
  DetachRolePolicyRequest,
  GetRolePolicyRequest,
  ListAttachedRolePoliciesRequest,
  ListRolePoliciesRequest,
  PutRolePolicyRequest,
} from "@aws-sdk/client-iam";

import type { Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { isAwsManagedPolicy } from "./managed-policies.ts";
import { page } from "./pages.ts";
import { checkPolicyDocument } from "./policy-document.ts";
import { checkName, globalRegion, noSuchEntity, openIamStore, roleNamed } from "./store.ts";

/** Managed policies of one role (IAM user guide, "IAM and AWS STS quotas"). */
const maximumAttached = 10;

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

function inlineOperations(target: TargetContext): Record<string, Operation> {
  const store = openIamStore(target);
  return {
    async PutRolePolicy(input: PutRolePolicyRequest) {
      const role = roleNamed(store, input.RoleName ?? "");
      const name = input.PolicyName ?? "";
      checkName("policyName", name, 128);
      const document = input.PolicyDocument ?? "";
      checkPolicyDocument(document, "permissions");
      const inlinePolicies = { ...role.inlinePolicies, [name]: document };
      store.roles.put(globalRegion, role.RoleName, { ...role, inlinePolicies });
      return {};
    },
    async GetRolePolicy(input: GetRolePolicyRequest) {
      const role = roleNamed(store, input.RoleName ?? "");
      const document = role.inlinePolicies[input.PolicyName ?? ""];
      if (document === undefined) {
        throw noSuchEntity(`The role policy with name ${input.PolicyName} cannot be found.`);
      }
      return {
        RoleName: role.RoleName,
        PolicyName: input.PolicyName,
        PolicyDocument: encodeURIComponent(document),
      };
    },
    async DeleteRolePolicy(input: DeleteRolePolicyRequest) {
      const role = roleNamed(store, input.RoleName ?? "");
      const { [input.PolicyName ?? ""]: removed, ...inlinePolicies } = role.inlinePolicies;
      if (removed === undefined) {
        throw noSuchEntity(`The role policy with name ${input.PolicyName} cannot be found.`);
      }
      store.roles.put(globalRegion, role.RoleName, { ...role, inlinePolicies });
      return {};
    },
    async ListRolePolicies(input: ListRolePoliciesRequest) {
      const names = Object.keys(roleNamed(store, input.RoleName ?? "").inlinePolicies);
      const { items, ...rest } = page(names, (name) => name, input);
      return { PolicyNames: items, ...rest };
    },
  };
}

function attachmentOperations(target: TargetContext): Record<string, Operation> {
  const store = openIamStore(target);
  return {
    async AttachRolePolicy(input: AttachRolePolicyRequest) {
      const role = roleNamed(store, input.RoleName ?? "");
      const arn = input.PolicyArn ?? "";
      if (!isAwsManagedPolicy(arn) && !store.policies.get(globalRegion, arn)) {
        throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
      }
      if (role.attachedPolicies.includes(arn)) return {};
      if (role.attachedPolicies.length >= maximumAttached) {
        throw new ServiceError(
          "LimitExceededException",
          `Cannot exceed quota for PoliciesPerRole: ${maximumAttached}`,
        );
      }
      const attachedPolicies = [...role.attachedPolicies, arn];
      store.roles.put(globalRegion, role.RoleName, { ...role, attachedPolicies });
      return {};
    },
    async DetachRolePolicy(input: DetachRolePolicyRequest) {
      const role = roleNamed(store, input.RoleName ?? "");
      const attachedPolicies = role.attachedPolicies.filter((arn) => arn !== input.PolicyArn);
      if (attachedPolicies.length === role.attachedPolicies.length) {
        throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
      }
      store.roles.put(globalRegion, role.RoleName, { ...role, attachedPolicies });
      return {};
    },
    async ListAttachedRolePolicies(input: ListAttachedRolePoliciesRequest) {
      const { attachedPolicies } = roleNamed(store, input.RoleName ?? "");
      const { items, ...rest } = page(attachedPolicies, (arn) => arn, input);
      return {
        AttachedPolicies: items.map((arn) => ({ PolicyName: nameOf(arn), PolicyArn: arn })),
        ...rest,
      };
    },
  };
}

export function rolePolicyOperations(target: TargetContext): Record<string, Operation> {
  return { ...inlineOperations(target), ...attachmentOperations(target) };
}
