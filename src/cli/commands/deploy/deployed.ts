import { ExitCode, LmiError } from "../../../errors.ts";
import { awsCommand } from "../../../aws/aws-command.ts";
import type { StackResource } from "../../../aws/ports.ts";
import { quoted } from "../../../aws/quoted.ts";
import { type Outputs, renderOutputs } from "./outputs.ts";
import type { Answered } from "./ready-steps.ts";

/** What a deployment came to; the last line of its JSON. */
export interface Deployed {
  readonly stackName: string;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  /** False: everything was as wanted already. */
  readonly changed: boolean;
  readonly outputs: Outputs;
  readonly answers: readonly Answered[];
  readonly milliseconds: number;
  readonly leftBehind: readonly StackResource[];
  /** CloudFormation had begun, and nobody waited for it: there are no outputs and answers yet. */
  readonly detached?: boolean;
  /** The deployment was begun by another command. */
  readonly attached?: boolean;
  /** Functions that run something else than what was deployed: `code`, and names of settings. */
  readonly beside?: readonly {
    readonly functionName: string;
    readonly changes: readonly string[];
  }[];
}

export function renderDeployed({ outputs }: Deployed): string {
  return renderOutputs(outputs);
}

/** A deployment that works and yet left something behind must not look like nothing happened. */
export function failIfLeftBehind(
  { leftBehind, region }: Deployed,
  { local, profile }: { readonly local: boolean; readonly profile: string | undefined },
): void {
  if (leftBehind.length === 0) return;
  const lines = leftBehind.map(
    ({ type, physicalId, logicalId, statusReason }) =>
      `  ${type}  ${physicalId ?? logicalId}: ${statusReason ?? "no reason given"}`,
  );
  throw new LmiError(
    "LMI_RESOURCES_LEFT",
    "The deployment works, but replaced resources could not be deleted.",
    {
      why: [
        `CloudFormation no longer knows them${local ? "" : ", and they may cost money"}:`,
        ...lines,
      ].join("\n"),
      next: deletions(leftBehind, local ? undefined : { endpoint: undefined, region, profile }),
      exitCode: ExitCode.partial,
      details: { leftBehind },
    },
  );
}

/**
 * Types that the Cloud Control API knows by CloudFormation's physical id, which is their `primaryIdentifier` in
 * CloudFormation's schemas: of others it is made of several parts, or is an ARN where the id is a name.
 */
const knownById: ReadonlySet<string> = new Set([
  "AWS::DynamoDB::Table",
  "AWS::EC2::InternetGateway",
  "AWS::EC2::NatGateway",
  "AWS::EC2::RouteTable",
  "AWS::EC2::SecurityGroup",
  "AWS::EC2::Subnet",
  "AWS::EC2::VPC",
  "AWS::EC2::VPCEndpoint",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::Role",
  "AWS::Lambda::CapacityProvider",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Function",
  "AWS::Logs::LogGroup",
  "AWS::SNS::Topic",
  "AWS::SQS::Queue",
]);

const byHand = "by hand, with the AWS CLI or the console";

/** @param target undefined: the local target, which has no Cloud Control API */
function deletions(
  leftBehind: readonly StackResource[],
  target: Parameters<typeof awsCommand>[0] | undefined,
): string {
  const commands = leftBehind.flatMap(({ type, physicalId }) =>
    target !== undefined && physicalId !== undefined && knownById.has(type)
      ? [
          awsCommand(
            target,
            `cloudcontrol delete-resource --type-name ${type} --identifier ${quoted(physicalId)}`,
          ),
        ]
      : [],
  );
  if (commands.length === 0) return `Delete them ${byHand}`;
  const others = commands.length < leftBehind.length ? [`And the others ${byHand}`] : [];
  return [...commands, ...others].join("\n");
}
