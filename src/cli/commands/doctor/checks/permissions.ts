import type { Aws, Decision } from "../../../../aws/ports.ts";
import type {
  AllowStatement,
  PolicyDocument,
} from "../../../../synth/deploy-policy/policy-document.ts";
import {
  bootstrapRole,
  partitionOf,
  type PolicyPlace,
} from "../../../../synth/deploy-policy/policy-place.ts";
import {
  type Check,
  type DoctorProject,
  failure,
  ok,
  type Patient,
  skipped,
  type Verdict,
  warning,
} from "../check.ts";
import { deployerPolicies } from "../policies.ts";
import { principalOf } from "../principal.ts";

/** What the caller's policies say of all that lmi asks for. */
export const permissionsCheck: Check = {
  name: "permissions",
  ofProject: true,
  awsOnly: true,
  permission: "iam:SimulatePrincipalPolicy",
  run: callersPermissions,
};

/** What the role that CloudFormation deploys with may do, lambda:PassCapacityProvider included. */
export const executionRoleCheck: Check = {
  name: "execution-role",
  ofProject: true,
  awsOnly: true,
  permission: "iam:SimulatePrincipalPolicy",
  run: executionPermissions,
};

/** Without these on its own resources no deploy comes to its end; without the others a part of lmi is blind. */
const essential = new Set([
  "sts:AssumeRole",
  "ssm:GetParameter",
  "cloudformation:DescribeStackEvents",
  "cloudformation:DescribeStacks",
  "cloudformation:GetTemplate",
  "cloudformation:ListStackResources",
  "lambda:GetCapacityProvider",
  "lambda:GetFunctionConfiguration",
  "lambda:InvokeFunction",
]);

async function callersPermissions({ aws, caller, project, system }: Patient): Promise<Verdict> {
  if (project === undefined) return skipped("no project");
  const { accountId, arn } = await caller();
  const principal = await principalOf(arn, aws.roles);
  if (principal.kind === "root")
    return warning(
      "the account's root user may do everything",
      "Work with a role: lmi doctor --policy prints what it needs",
    );
  if (principal.kind === "unknown") return skipped(`not known: ${arn} has no policies to simulate`);
  const { caller: policy } = await deployerPolicies(
    project,
    placeOf(aws, accountId, project),
    principal.arn,
    system,
  );
  const denied = await deniedOf(policy, principal.arn, aws);
  const who = principal.arn.slice(principal.arn.lastIndexOf(":") + 1);
  if (denied.length === 0) return ok(`${who} may do all that lmi asks for (simulated)`);
  const seen = `${who} may not ${namesOf(denied)} (simulated)`;
  const mend = "lmi doctor --policy prints a policy that allows it; attach it to who deploys";
  return denied.some(({ action, resource }) => essential.has(action) && resource !== "*")
    ? failure(seen, mend)
    : warning(`${seen}; a deploy works without`, mend);
}

async function executionPermissions(patient: Patient): Promise<Verdict> {
  const { aws, caller, project, system, bootstrapVersion } = patient;
  if (project === undefined) return skipped("no project");
  if ((await bootstrapVersion()) === undefined)
    return skipped("not bootstrapped yet: the role is made by then");
  const place = placeOf(aws, (await caller()).accountId, project);
  const arn = bootstrapRole(place, "cfn-exec");
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const found = await aws.roles.arnOf(name);
  if (found === undefined)
    return failure(
      `${name} does not exist: the bootstrap stack is not the standard one`,
      "lmi bootstrap",
    );
  const { execution } = await deployerPolicies(project, place, undefined, system);
  const denied = await deniedOf(execution, found, aws);
  if (denied.length === 0) return ok(`${name} may do all that the stack needs (simulated)`);
  return failure(
    `${name} may not ${namesOf(denied)} (simulated)`,
    "lmi doctor --policy execution prints a policy for it: cdk bootstrap --cloudformation-execution-policies",
  );
}

function placeOf({ target }: Aws, account: string, { stackName }: DoctorProject): PolicyPlace {
  const { region } = target;
  return { partition: partitionOf(region), account, region, stackName };
}

/** Actions that a policy would allow and a principal's policies do not. */
async function deniedOf(
  { Statement }: PolicyDocument,
  principalArn: string,
  { roles }: Pick<Aws, "roles">,
): Promise<Decision[]> {
  const statements = Statement.filter(({ Resource }) => Resource.length > 0);
  const found: Decision[] = [];
  for (let start = 0; start < statements.length; start += atOnce) {
    const answers = statements.slice(start, start + atOnce).map((statement) =>
      roles.simulate(principalArn, {
        actions: statement.Action,
        resources: samplesOf(statement),
        context: contextOf(statement),
      }),
    );
    found.push(...(await Promise.all(answers)).flat());
  }
  return found.filter(({ decision }) => decision !== "allowed");
}

/** Simulations at a time: IAM turns away who asks for many, and tells no rate. */
const atOnce = 2;

/** The simulator takes resources as they are: a star in them would be a letter. */
function samplesOf({ Resource }: AllowStatement): string[] {
  // Of a network, its VPC stands for everything: each action is about other parts of it.
  const vpc = Resource.filter((arn) => arn.endsWith(":vpc/*"));
  const samples = vpc.length > 0 ? vpc : Resource;
  return samples.map((arn) => (arn === "*" ? arn : arn.replaceAll("*", "0123456789abcdef0")));
}

function contextOf({ Condition = {} }: AllowStatement): Record<string, string> {
  const pairs = Object.values(Condition).flatMap((keys) =>
    Object.entries(keys).map(([key, value]) => [key, [value].flat()[0] ?? ""] as const),
  );
  return Object.fromEntries(pairs);
}

const named = 4;

function namesOf(denied: readonly Decision[]): string {
  const names = [...new Set(denied.map(({ action }) => action))];
  const more = names.length - named;
  return more > 0 ? `${names.slice(0, named).join(", ")} and ${more} more` : names.join(", ");
}
