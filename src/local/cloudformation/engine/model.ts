import { isRecord } from "../../../is-record.ts";
import { resolveDynamicReferences } from "../dynamic-references.ts";
import { exportValue, resourceScope, stackModel, zonesFor } from "../stack-model.ts";
import type { StackModel } from "../stack-model.ts";
import type { Deployment, ResourceRecord } from "../stack-record.ts";
import { evaluate } from "../template/evaluate.ts";
import type { Scope } from "../template/evaluate.ts";
import { parseTemplate } from "../template/parse.ts";
import { stackOf } from "./run.ts";
import type { Run } from "./run.ts";
import { own } from "../../own.ts";

/** A stack's model with the means to compute values of its resources while they are made. */
export interface LiveModel extends StackModel {
  readonly properties: (logicalId: string) => Promise<Record<string, unknown>>;
  readonly value: (expression: unknown) => Promise<unknown>;
  /** Exports used by anything that was computed. */
  readonly imports: ReadonlySet<string>;
}

export async function liveModel(run: Run, deployment: Deployment): Promise<LiveModel> {
  const { templateId, extended } = deployment.processed ?? { ...deployment, extended: false };
  const template = parseTemplate(run.store.template(run.region, templateId), extended);
  const { stackName } = stackOf(run);
  const model = stackModel(template, deployment, {
    stackId: run.stackId,
    stackName,
    region: run.region,
    accountId: run.context.accountId,
  });
  const zones = await zonesFor(template, run.context, run.caller);
  const imports = new Set<string>();
  const scope = (): Scope => {
    const resources: Readonly<Record<string, ResourceRecord>> = run.store.resources(
      run.region,
      run.stackId,
    );
    return resourceScope(model, {
      resource: (logicalId) => own(resources, logicalId),
      zones,
      imported: (name) => {
        imports.add(name);
        return exportValue(run.store.stacks(run.region), name);
      },
    });
  };
  const value = (expression: unknown) =>
    resolveDynamicReferences(evaluate(expression, scope()), run.context, run.caller);
  return {
    ...model,
    imports,
    value,
    properties: async (logicalId) => {
      const properties = await value(model.resources.get(logicalId)?.Properties ?? {});
      return isRecord(properties) ? properties : {};
    },
  };
}
