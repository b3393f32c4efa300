import type { Aws } from "../../aws/ports.ts";
import type { StackCondition } from "../../deploy/stack-condition.ts";
import { LmiError } from "../../errors.ts";
import { existingVpc } from "../../synth/existing-vpc.ts";
import { overlapIssues } from "../../synth/given-network.ts";
import type { Settings } from "../../synth/settings.ts";
import type { Reporter } from "../output/reporter.ts";

/**
 * Before a stack makes its VPC, warns of others in account and region that have its addresses. Nothing but peering
 * suffers, so that no trouble with looking is a reason to stop.
 */
export async function warnOfOverlap(
  { network }: Settings,
  condition: StackCondition,
  aws: Aws,
  reporter: Reporter,
): Promise<void> {
  // A VPC that stands already would overlap with itself.
  if (condition.kind !== "absent" || existingVpc(network) !== undefined) return;
  try {
    const issues = overlapIssues(network.cidr, await aws.networks.ranges());
    for (const { path, value, message } of issues)
      reporter.warn(`${path.join(".")} ${String(value)} ${message}`);
  } catch (error) {
    if (!(error instanceof LmiError)) throw error;
    const because =
      error.code === "LMI_ACCESS_DENIED"
        ? "the caller lacks the permission ec2:DescribeVpcs"
        : error.message;
    reporter.warn(`network.cidr was not compared with other VPCs: ${because}`);
  }
}
