import type { ResourceDrift, StackResource } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { lambdaDrift, unknownVariables } from "./lambda-drift.ts";
import { patiently } from "./patiently.ts";
import { deployedResources } from "./template-resources.ts";
import { withoutSecrets } from "./secret-values.ts";

/** What was changed beside the stack, since it was deployed. */
export interface StackDrift {
  /** Changed or deleted ones only. */
  readonly resources: readonly ResourceDrift[];
  /** How many resources were compared, and which not. */
  readonly checked: number;
  readonly unchecked: readonly Pick<ResourceDrift, "logicalId" | "type">[];
  /** `LogicalId.NAME` of environment variables whose deployed value is a reference: to a secret, parameter, resource. */
  readonly uncheckedVariables: readonly string[];
  /** Why CloudFormation could not look at all of them. */
  readonly incomplete: string | undefined;
}

/** A stack of lmi is done within a minute; one that lasts longer is stuck. */
const longest = 10 * 60_000;

/**
 * What really is there against what was deployed: by CloudFormation's own detection, and, of capacity providers and
 * functions, by what Lambda tells. Changes nothing. Fails with LMI_DRIFT_UNKNOWN where there is no end to it.
 * @param template what was deployed, JSON
 */
export async function findDrift(
  stackName: string,
  template: string,
  context: DeployContext,
): Promise<StackDrift> {
  const { drifts, stacks } = context.aws;
  const incomplete = await detect(stackName, context);
  const [found, resources] = await Promise.all([
    patiently(context, () => drifts.resources(stackName)),
    patiently(context, () => stacks.resources(stackName)),
  ]);
  const byLambda = await lambdaDrift(deployedResources(template), resources, context);
  const compared = new Set(
    [...found, ...byLambda]
      .filter(({ status }) => looked.has(status))
      .map(({ logicalId }) => logicalId),
  );
  return {
    resources: merged([...found, ...byLambda]).map(withoutSecrets),
    checked: compared.size,
    unchecked: resources
      .filter(isThere)
      .flatMap(({ logicalId, type }) => (compared.has(logicalId) ? [] : [{ logicalId, type }])),
    uncheckedVariables: unknownVariables(deployedResources(template)),
    incomplete,
  };
}

const looked: ReadonlySet<string> = new Set(["IN_SYNC", "MODIFIED", "DELETED"]);

function isThere({ physicalId, status }: StackResource): boolean {
  return physicalId !== undefined && !status.startsWith("DELETE_");
}

/** @returns why it is not complete */
async function detect(stackName: string, context: DeployContext): Promise<string | undefined> {
  const { aws, now, sleep, signal } = context;
  const id = await patiently(context, () => aws.drifts.detect(stackName));
  const began = now().getTime();
  for (;;) {
    const { status, reason } = await patiently(context, () => aws.drifts.detection(id));
    if (status === "DETECTION_FAILED") return reason ?? "CloudFormation gives no reason";
    if (status !== "DETECTION_IN_PROGRESS") return undefined;
    if (now().getTime() - began > longest) throw endless(stackName);
    await sleep(pollInterval(aws), signal);
  }
}

/** One entry a resource: what is gone is gone, whoever says so; what both tell of a property is told once. */
function merged(all: readonly ResourceDrift[]): ResourceDrift[] {
  const byId = new Map<string, ResourceDrift>();
  for (const drift of all.filter(({ status }) => status === "MODIFIED" || status === "DELETED")) {
    const earlier = byId.get(drift.logicalId);
    if (earlier?.status === "DELETED") continue;
    const known = earlier === undefined || drift.status === "DELETED" ? [] : earlier.differences;
    const paths = known.map(({ path }) => path);
    const others = drift.differences.filter(({ path }) => !paths.some((own) => touches(own, path)));
    byId.set(drift.logicalId, { ...drift, differences: [...known, ...others] });
  }
  return [...byId.values()];
}

/** Whether one path is the other, or within it. */
function touches(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

function endless(stackName: string): LmiError {
  return new LmiError(
    "LMI_DRIFT_UNKNOWN",
    `CloudFormation did not end comparing stack ${stackName} within ${longest / 60_000} minutes.`,
    {
      why: "It goes on, and nothing waits for it.",
      next: "Try again later: lmi diff --drift",
      details: { stackName },
    },
  );
}
