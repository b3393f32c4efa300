import type { Check } from "./check.ts";
import { addressesCheck } from "./checks/addresses.ts";
import { bootstrapCheck } from "./checks/bootstrap.ts";
import { cdkCheck } from "./checks/cdk.ts";
import { clockCheck } from "./checks/clock.ts";
import { credentialsCheck } from "./checks/credentials.ts";
import { egressCheck } from "./checks/egress.ts";
import { instanceTypesCheck } from "./checks/instance-types.ts";
import { providerQuotaCheck, versionQuotaCheck } from "./checks/lambda-quotas.ts";
import { librariesCheck } from "./checks/libraries.ts";
import { nodeCheck } from "./checks/node.ts";
import { operatorRoleCheck } from "./checks/operator-role.ts";
import { executionRoleCheck, permissionsCheck } from "./checks/permissions.ts";
import { regionCheck } from "./checks/region.ts";
import { stackCheck } from "./checks/stack.ts";
import { vCpuQuotaCheck } from "./checks/vcpu-quota.ts";

/** Every check, in the order in which people read them. */
const checks: readonly Check[] = [
  credentialsCheck,
  clockCheck,
  regionCheck,
  bootstrapCheck,
  stackCheck,
  vCpuQuotaCheck,
  providerQuotaCheck,
  versionQuotaCheck,
  instanceTypesCheck,
  addressesCheck,
  egressCheck,
  operatorRoleCheck,
  permissionsCheck,
  executionRoleCheck,
  nodeCheck,
  cdkCheck,
  librariesCheck,
];

/** Those that say something here. */
export function checksFor(where: { readonly local: boolean; readonly project: boolean }): Check[] {
  return checks.filter(
    ({ awsOnly = false, ofProject = false }) =>
      (!awsOnly || !where.local) && (!ofProject || where.project),
  );
}
