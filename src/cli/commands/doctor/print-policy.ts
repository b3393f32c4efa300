import { LmiError } from "../../../errors.ts";
import type { Aws } from "../../../aws/ports.ts";
import { bootstrapRole, partitionOf } from "../../../synth/deploy-policy/policy-place.ts";
import type { PolicyDocument } from "../../../synth/deploy-policy/policy-document.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Deps } from "../../deps.ts";
import { wrap } from "../../output/wrap.ts";
import { deployerPolicies } from "./policies.ts";
import { principalOf } from "./principal.ts";

export type PolicyPart = "caller" | "execution";

/** Characters of a customer managed policy, spaces not counted (IAM user guide, "IAM and AWS STS quotas"). */
const longest = 6144;

/** The least that deploying this project needs, as an IAM policy on stdout; what it is for on stderr. */
export async function printPolicy(
  part: PolicyPart,
  { loaded, stackName, aws }: { loaded: LoadedSettings; stackName: string; aws: Aws },
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const who = await callerOf(aws, reporter);
  const { region } = aws.target;
  const account = who?.accountId ?? "*";
  const place = { partition: partitionOf(region), account, region, stackName };
  const policies = await deployerPolicies(loaded, place, who?.principalArn, system);
  const document = policies[part];
  reporter.result<PolicyDocument>(document, (policy) => JSON.stringify(policy, undefined, 2));
  const execution = bootstrapRole(place, "cfn-exec").replace(/^.*\//, "");
  reporter.info(wrap(part === "caller" ? forCaller(execution) : forExecution(execution), 0));
  if (part === "execution" && policies.unknown.length > 0)
    reporter.warn(`What ${policies.unknown.join(", ")} need is not known to lmi: add it by hand.`);
  const length = JSON.stringify(document).length;
  if (length > longest)
    reporter.warn(
      `${length} characters are more than the ${longest} of one managed policy: split it.`,
    );
}

const forCaller = (execution: string) =>
  `For the user or role that runs lmi. CloudFormation itself deploys as ${execution}: lmi doctor --policy execution. lmi bootstrap is done once by an administrator.`;

const forExecution = (execution: string) =>
  `For ${execution}, in place of AdministratorAccess: cdk bootstrap --cloudformation-execution-policies <ARN of a managed policy with it>`;

/** Without credentials the policy is for any account. */
async function callerOf(
  aws: Aws,
  reporter: Pick<Deps["reporter"], "warn">,
): Promise<{ readonly accountId: string; readonly principalArn: string | undefined } | undefined> {
  try {
    const { accountId, arn } = await aws.identity.caller();
    const principal = await principalOf(arn, { arnOf: quietly(aws) });
    return { accountId, principalArn: principal.kind === "policies" ? principal.arn : undefined };
  } catch (error) {
    if (!(error instanceof LmiError)) throw error;
    reporter.warn(`The account is not known, so the policy is for any: ${error.message}`);
    return undefined;
  }
}

/** Without permission to look, the role's ARN is taken to have no path. */
function quietly({ roles }: Aws) {
  return (name: string) =>
    roles.arnOf(name).catch((error: unknown) => {
      if (error instanceof LmiError) return undefined;
      throw error;
    });
}
