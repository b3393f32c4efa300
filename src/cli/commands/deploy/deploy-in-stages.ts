import type { StackState } from "../../../aws/ports.ts";
import type { ChangeSummary } from "../../../deploy/changes.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { DeployEvent } from "../../../deploy/deploy-event.ts";
import type { DeployedStack } from "../../../deploy/deploy-stack.ts";
import type { Reporter } from "../../output/reporter.ts";
import type { Prepared } from "./prepare.ts";
import { stackStages } from "./stack-stages.ts";
import type { DeployTools } from "./tools.ts";

interface StagedDeployment {
  readonly prepared: Prepared;
  readonly before: StackState | undefined;
  readonly changes: ChangeSummary;
  /** CloudFormation has begun: from here on it goes on whoever waits. */
  readonly onBegin: () => void;
}

/** Uploads and lets CloudFormation work, told stage by stage. */
export async function deployInStages(
  { prepared, before, changes, onBegin }: StagedDeployment,
  context: DeployContext,
  reporter: Reporter,
  tools: Pick<DeployTools, "deploy">,
): Promise<DeployedStack> {
  const { local } = context.aws.target;
  const stages = stackStages({
    reporter,
    // What is removed comes last, when CloudFormation cleans up.
    expected: changes.resources.filter(({ kind }) => kind !== "remove"),
    saysUsual: !local,
    assets: megabytes(prepared.functions.reduce((sum, { zipSize }) => sum + zipSize, 0)),
  });
  const isCostly = local ? () => false : billingBegins();
  const onEvent = (event: DeployEvent) => {
    if (event.type === "resource" || event.type === "execution") onBegin();
    stages.onEvent(event);
    if (isCostly(event)) reporter.info(`Billing since ${clock(context.now())} (NAT gateway).`);
  };
  try {
    const deployed = await tools.deploy({ ...prepared, before }, { ...context, onEvent });
    await stages.end("done");
    return deployed;
  } catch (error) {
    await stages.end("failed");
    throw error;
  }
}

/** A NAT gateway costs from the moment it is available, long before anything answers. */
function billingBegins(): (event: DeployEvent) => boolean {
  let isSaid = false;
  return (event) => {
    if (isSaid || event.type !== "resource") return false;
    isSaid = event.resourceType === "AWS::EC2::NatGateway" && event.status === "CREATE_COMPLETE";
    return isSaid;
  };
}

/** `0.4 kB`, `1.2 MB`. */
function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `12:31:07`, as the clock on the wall. */
function clock(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
