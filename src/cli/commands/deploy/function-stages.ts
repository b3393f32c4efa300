import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { TemplateResources } from "../../../deploy/template-resources.ts";
import { isRecord } from "../../../is-record.ts";
import { openActivation } from "./activation-stage.ts";
import type { Billing } from "./billing.ts";
import type { Stage, StageRequest } from "./stage.ts";

export interface FunctionStages {
  readonly open: (request: StageRequest) => Stage;
  /** Whether any function was shown. */
  readonly isTold: () => boolean;
}

/** The functions of a template in instances, environments and versions. */
export function functionStages(
  resources: TemplateResources,
  context: DeployContext,
  billing: Billing | undefined,
): FunctionStages {
  let isTold = false;
  const minimum = (logicalId: string) =>
    minimumOf(resources[logicalId]?.Properties?.["FunctionScalingConfig"]);
  const onLook = ({ instances }: Parameters<NonNullable<Looked>>[0]) =>
    billing?.onInstances(instances);
  return {
    open: (request) => {
      isTold = true;
      return openActivation({ ...request, context, minimum, onLook });
    },
    isTold: () => isTold,
  };
}

type Looked = Parameters<typeof openActivation>[0]["onLook"];

/** Lambda starts 3 environments where nothing else is said (Lambda developer guide, lambda-managed-instances-scaling). */
const usualMinimum = 3;

function minimumOf(scaling: unknown): number {
  const given = isRecord(scaling) ? Number(scaling["MinExecutionEnvironments"]) : Number.NaN;
  return Number.isInteger(given) ? given : usualMinimum;
}
