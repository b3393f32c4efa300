import type { Stack } from "aws-cdk-lib/core";
import { Aws, CfnRole } from "./cdk.ts";
import { destinationStatements } from "./destination-policy.ts";
import { allow } from "./policy-statement.ts";
import type { FunctionSettings, PolicyStatement } from "./settings.ts";

export type Role = InstanceType<typeof CfnRole>;

interface RoleRequest {
  readonly id: string;
  readonly description: string;
  /** Adds conditions that only this resource of this account may use the role. */
  readonly onlyFor: string | undefined;
}

/**
 * The role with which Lambda launches and ends the instances. Its managed policy is the one that the Lambda developer
 * guide names (lambda-managed-instances-operator-role); there is no `service-role/` in its ARN.
 */
export function createOperatorRole(stack: Stack, confusedDeputyProtection: boolean): Role {
  return createRole(
    stack,
    {
      id: "OperatorRole",
      description: `Lets Lambda run the instances of ${stack.stackName}`,
      onlyFor: confusedDeputyProtection ? "capacity-provider:*" : undefined,
    },
    {
      managedPolicyArns: [
        `arn:${Aws.PARTITION}:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator`,
      ],
    },
  );
}

export interface ExecutionRoleRequest {
  readonly id: string;
  readonly functionName: string;
  readonly logGroupArn: string;
  readonly confusedDeputyProtection: boolean;
  readonly own: Pick<FunctionSettings, "policies" | "tracing" | "deadLetterArn" | "asyncInvoke">;
}

/**
 * What the function's code may do: write its own logs, and what its settings ask for. Managed Instances need no
 * permissions on network interfaces.
 */
export function createExecutionRole(stack: Stack, request: ExecutionRoleRequest): Role {
  return createRole(
    stack,
    {
      id: request.id,
      description: `Execution role of ${request.functionName}`,
      onlyFor: request.confusedDeputyProtection ? `function:${request.functionName}` : undefined,
    },
    executionPermissions(request),
  );
}

function executionPermissions({ logGroupArn, own }: ExecutionRoleRequest): Permissions {
  const managedPolicyArns = own.policies.filter((policy) => typeof policy === "string");
  const statements = own.policies.filter((policy) => typeof policy !== "string");
  const destinations = own.asyncInvoke ? destinationStatements(own.asyncInvoke) : [];
  const policies = [
    inlinePolicy("Logs", [allow(["logs:CreateLogStream", "logs:PutLogEvents"], logGroupArn)]),
    ...(own.tracing ? [inlinePolicy("Tracing", [tracing])] : []),
    ...(own.deadLetterArn ? [inlinePolicy("DeadLetters", [deadLetters(own.deadLetterArn)])] : []),
    ...(destinations.length > 0 ? [inlinePolicy("Destinations", destinations)] : []),
    ...(statements.length > 0 ? [inlinePolicy("Own", statements)] : []),
  ];
  return { policies, ...(managedPolicyArns.length > 0 ? { managedPolicyArns } : {}) };
}

/** Adds what event sources need to a role: they are known only when the function is there. */
export function permitEvents(role: Role, statements: readonly PolicyStatement[]): void {
  if (statements.length === 0) return;
  const policies = Array.isArray(role.policies) ? role.policies : [];
  role.policies = [...policies, inlinePolicy("Events", statements)];
}

/** The two actions of AWSXRayDaemonWriteAccess that send; they take no resource. */
const tracing = allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*");

const deadLetters = (arn: string) =>
  allow([arn.split(":")[2] === "sns" ? "sns:Publish" : "sqs:SendMessage"], arn);

function inlinePolicy(policyName: string, Statement: readonly PolicyStatement[]) {
  return { policyName, policyDocument: { Version: "2012-10-17", Statement } };
}

type Permissions = Pick<ConstructorParameters<typeof CfnRole>[2], "managedPolicyArns" | "policies">;

function createRole(stack: Stack, request: RoleRequest, permissions: Permissions): Role {
  return new CfnRole(stack, request.id, {
    description: request.description,
    assumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
          ...(request.onlyFor === undefined ? {} : { Condition: condition(request.onlyFor) }),
        },
      ],
    },
    ...permissions,
  });
}

function condition(resource: string) {
  return {
    StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
    ArnLike: {
      "aws:SourceArn": `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`,
    },
  };
}
