import type { Stack } from "aws-cdk-lib/core";
import { CfnDeletionPolicy, CfnLogGroup } from "./cdk.ts";

export type LogGroup = InstanceType<typeof CfnLogGroup>;

/** A log group that the stack owns, so that its retention is set and it goes when the stack goes. */
export function createLogGroup(
  stack: Stack,
  id: string,
  logGroupName: string,
  retentionInDays: number,
): LogGroup {
  const group = new CfnLogGroup(stack, id, { logGroupName, retentionInDays });
  group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  return group;
}
