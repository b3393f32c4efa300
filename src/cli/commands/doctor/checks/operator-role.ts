import { awsCommand } from "../../../../aws/aws-command.ts";
import type { RoleDescription } from "../../../../aws/ports.ts";
import { isRecord } from "../../../../is-record.ts";
import { partitionOf } from "../../../../synth/deploy-policy/policy-place.ts";
import {
  type Check,
  type Deployed,
  failure,
  ok,
  type Patient,
  skipped,
  together,
  type Verdict,
  warning,
} from "../check.ts";

/** The role with which Lambda starts instances. */
export const operatorRoleCheck: Check = {
  name: "operator-role",
  ofProject: true,
  permission: "iam:GetRole, ListAttachedRolePolicies, ListRolePolicies and GetRolePolicy",
  run,
};

/** Without `service-role/` in its ARN (Lambda developer guide, lambda-managed-instances-operator-role). */
const managedPolicy = "policy/AWSLambdaManagedEC2ResourceOperator";

/**
 * Of that policy, what takes no condition; a copy made by hand before 2026-06-10 lacks the last ones, and the
 * provider's log then stays empty (Lambda developer guide, "Document history").
 */
const needed = [
  "ec2:DescribeInstanceTypes",
  "ec2:DescribeSubnets",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeVpcEncryptionControls",
  "logs:CreateLogGroup",
  "logs:CreateLogStream",
  "logs:PutLogEvents",
];

async function run(patient: Patient): Promise<Verdict> {
  const arns = rolesOf(await patient.deployed());
  if (arns.length === 0) return skipped("not deployed yet: the first deploy makes it");
  return together(await Promise.all(arns.map((arn) => judge(arn, patient))));
}

function rolesOf(deployed: Deployed | undefined): string[] {
  const arns = (deployed?.providers ?? []).flatMap(({ properties }) => {
    const config = properties["PermissionsConfig"];
    const arn = isRecord(config) ? config["CapacityProviderOperatorRoleArn"] : undefined;
    return typeof arn === "string" ? [arn] : [];
  });
  return [...new Set(arns)];
}

async function judge(arn: string, { aws }: Patient): Promise<Verdict> {
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const role = await aws.roles.find(name);
  if (role === undefined)
    return failure(`${name} is gone: no instance can be started`, "lmi destroy, then: lmi deploy");
  if (!trustsLambda(role))
    return failure(
      `${name} does not trust lambda.amazonaws.com`,
      "Put the role back as the stack has it: lmi diff --drift shows what was changed",
    );
  if (role.attached.some((policy) => policy.endsWith(managedPolicy)))
    return ok(`${name} has ${managedPolicy.slice("policy/".length)}`);
  const decisions = await aws.roles.simulate(role.arn, { actions: needed, resources: ["*"] });
  const denied = decisions.filter(({ decision }) => decision !== "allowed");
  const mend = awsCommand(
    aws.target,
    `iam attach-role-policy --role-name ${name} --policy-arn arn:${partitionOf(aws.target.region)}:iam::aws:${managedPolicy}`,
  );
  if (denied.length === 0)
    return warning(`${name} has policies of its own that allow what was tried`, mend);
  const names = denied.map(({ action }) => action).join(", ");
  return denied.some(({ action }) => action.startsWith("ec2:"))
    ? failure(`${name} may not ${names}: instances cannot be started`, mend)
    : warning(`${name} may not ${names}: the provider's log stays empty`, mend);
}

function trustsLambda({ trust }: RoleDescription): boolean {
  const document: unknown = JSON.parse(trust);
  const statements = isRecord(document) ? [document["Statement"]].flat() : [];
  return statements.some(
    (statement) =>
      isRecord(statement) &&
      statement["Effect"] === "Allow" &&
      [statement["Action"]].flat().includes("sts:AssumeRole") &&
      isRecord(statement["Principal"]) &&
      [statement["Principal"]["Service"]].flat().includes("lambda.amazonaws.com"),
  );
}
