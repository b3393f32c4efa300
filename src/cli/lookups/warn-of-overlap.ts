import type { Aws } from "../../aws/ports.ts";
import type { StackCondition } from "../../deploy/stack-condition.ts";
import { LmiError } from "../../errors.ts";
import { existingVpc } from "../../synth/existing-vpc.ts";
import { defaultCidr } from "../../synth/default-names.ts";
import { overlapIssues } from "../../synth/given-network.ts";
import type { Settings } from "../../synth/settings.ts";
import type { Reporter } from "../output/reporter.ts";

/**
 * Before a stack makes its VPC, warns of others in account and region that have its addresses. Nothing but peering
 * suffers, so that no trouble with looking is a reason to stop, nor a range that nobody has chosen one for a warning: any
 * second stack with the default would get it, and who wants to peer chooses.
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
    for (const { path, value, message } of issues) {
      const sentence = `${path.join(".")} ${String(value)} ${message}`;
      if (network.cidr === defaultCidr) reporter.detail(sentence);
      else reporter.warn(sentence);
    }
  } catch (error) {
    if (!(error instanceof LmiError)) throw error;
    const because =
      error.code === "LMI_ACCESS_DENIED"
        ? "the caller lacks the permission ec2:DescribeVpcs"
        : error.message;
    reporter.detail(`network.cidr was not compared with other VPCs: ${because}`);
  }
}
