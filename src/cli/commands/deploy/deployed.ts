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
      next: local
        ? "Delete them with the AWS CLI"
        : leftBehind
            .flatMap((left) => deletion(left, { endpoint: undefined, region, profile }))
            .join("\n"),
      exitCode: ExitCode.partial,
      details: { leftBehind },
    },
  );
}

/**
 * Cloud Control API deletes resources of nearly every type, and knows them by the id that CloudFormation has, too
 * (Cloud Control API user guide, "Deleting a resource").
 */
function deletion(
  { type, physicalId }: StackResource,
  target: Parameters<typeof awsCommand>[0],
): string[] {
  if (physicalId === undefined) return [];
  const which = `--type-name ${type} --identifier ${quoted(physicalId)}`;
  return [awsCommand(target, `cloudcontrol delete-resource ${which}`)];
}
