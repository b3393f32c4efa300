import type {
  CreateServiceLinkedRoleRequest,
  DeleteServiceLinkedRoleRequest,
  GetServiceLinkedRoleDeletionStatusRequest,
  GetUserRequest,
  ListAccountAliasesRequest,
} from "@aws-sdk/client-iam";

import type { Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { page } from "./pages.ts";
import { addRole, isServiceLinked, roleShape } from "./roles.ts";
import { globalRegion, noSuchEntity, openIamStore, roleNamed } from "./store.ts";

/** Service-linked roles and their policies, of the services that a stack of functions uses (IAM user guide). */
const serviceLinkedRoles: Readonly<
  Record<string, { readonly name: string; readonly policy: string }>
> = {
  "lambda.amazonaws.com": { name: "AWSServiceRoleForLambda", policy: "AWSLambdaServiceRolePolicy" },
  "autoscaling.amazonaws.com": {
    name: "AWSServiceRoleForAutoScaling",
    policy: "AutoScalingServiceRolePolicy",
  },
  "spot.amazonaws.com": { name: "AWSServiceRoleForEC2Spot", policy: "AWSEC2SpotServiceRolePolicy" },
};

/** The one user that stands for whoever calls; credentials of the local target have no secrets to check. */
const localUser = "lmi-local";

function createServiceLinkedRole(target: TargetContext, input: CreateServiceLinkedRoleRequest) {
  const service = input.AWSServiceName ?? "";
  const known = serviceLinkedRoles[service];
  if (!/^[\w+=,.@-]+\.amazonaws\.com$/.test(service)) {
    throw new ServiceError("InvalidInputException", `${service} is no name of an AWS service.`);
  }
  if (!known) {
    throw new ServiceError(
      "NotImplemented",
      `The local target has no service-linked role for ${service}.`,
      { status: 501 },
    );
  }
  const store = openIamStore(target);
  if (store.roles.get(globalRegion, known.name)) {
    throw new ServiceError(
      "InvalidInputException",
      `Service role name ${known.name} has been taken in this account, please try a different suffix.`,
    );
  }
  const role = addRole(target, {
    RoleName: known.name,
    Path: `/aws-service-role/${service}/`,
    Description: input.Description,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    }),
  });
  const attached = {
    ...role,
    attachedPolicies: [`arn:aws:iam::aws:policy/aws-service-role/${known.policy}`],
  };
  store.roles.put(globalRegion, role.RoleName, attached);
  return { Role: roleShape(attached) };
}

export function accountOperations(target: TargetContext): Record<string, Operation> {
  const store = openIamStore(target);
  return {
    CreateServiceLinkedRole: async (input: CreateServiceLinkedRoleRequest) =>
      createServiceLinkedRole(target, input),
    async DeleteServiceLinkedRole(input: DeleteServiceLinkedRoleRequest) {
      const role = roleNamed(store, input.RoleName ?? "");
      // Only what AWS made: roles of one's own have DeleteRole, which looks for what still uses them.
      if (!isServiceLinked(role))
        throw noSuchEntity(`The service-linked role with name ${role.RoleName} cannot be found.`);
      store.roles.delete(globalRegion, role.RoleName);
      return { DeletionTaskId: `task${role.Path}${role.RoleName}/${role.RoleId}` };
    },
    async GetServiceLinkedRoleDeletionStatus(input: GetServiceLinkedRoleDeletionStatusRequest) {
      if (!input.DeletionTaskId?.startsWith("task/aws-service-role/")) {
        throw noSuchEntity(`The task ${input.DeletionTaskId} cannot be found.`);
      }
      return { Status: "SUCCEEDED" };
    },
    async GetAccountSummary() {
      return {
        SummaryMap: {
          Users: 1,
          Roles: store.roles.list(globalRegion).length,
          Policies: store.policies.list(globalRegion).length,
          InstanceProfiles: store.instanceProfiles.list(globalRegion).length,
          Groups: 0,
          AttachedPoliciesPerRoleQuota: 10,
          VersionsPerPolicyQuota: 5,
        },
      };
    },
    async ListAccountAliases(input: ListAccountAliasesRequest) {
      const { items, ...rest } = page<string>([], (alias) => alias, input);
      return { AccountAliases: items, ...rest };
    },
    async GetUser(input: GetUserRequest) {
      const name = input.UserName ?? localUser;
      if (name !== localUser) throw noSuchEntity(`The user with name ${name} cannot be found.`);
      return {
        User: {
          UserName: localUser,
          UserId: "AIDAAAAAAAAAAAAAAAAAA",
          Arn: `arn:aws:iam::${target.accountId}:user/${localUser}`,
          Path: "/",
          CreateDate: new Date(0),
        },
      };
    },
  };
}
