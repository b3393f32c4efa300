import type { Service, TargetContext } from "../../service.ts";
import { accountOperations } from "./account.ts";
import { instanceProfileOperations } from "./instance-profiles.ts";
import { policyOperations } from "./policies.ts";
import { rolePolicyOperations } from "./role-policies.ts";
import { roleOperations } from "./roles.ts";
import { simulationOperations } from "./simulation.ts";

/** IAM: roles and policies are kept and checked for form; nothing on the local target asks them for permission. */
export function createIamService(target: TargetContext): Service {
  return {
    name: "iam",
    operations: {
      ...roleOperations(target),
      ...rolePolicyOperations(target),
      ...policyOperations(target),
      ...instanceProfileOperations(target),
      ...accountOperations(target),
      ...simulationOperations(target),
    },
  };
}
