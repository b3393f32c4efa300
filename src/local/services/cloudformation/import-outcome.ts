import type { CallContext } from "../../service.ts";
import {
  checkedImports,
  importFailure,
  importPlan,
  type ResourceToImport,
} from "../../cloudformation/import.ts";
import type { Plan } from "../../cloudformation/plan.ts";
import type { Prepared } from "../../cloudformation/prepare.ts";
import type { StackRecord } from "../../cloudformation/stack-record.ts";
import { failed, type Outcome } from "./change-set-outcome.ts";
import type { ServiceParts } from "./service-parts.ts";

interface Import {
  readonly stack: StackRecord;
  readonly imported: readonly ResourceToImport[];
  readonly prepared: Prepared;
  readonly plan: Plan;
}

/** A change set that takes resources into the stack, and does nothing else. */
export async function importOutcome(
  parts: ServiceParts,
  context: CallContext,
  { stack, imported, prepared, plan }: Import,
): Promise<Outcome> {
  const imports = checkedImports(imported, prepared);
  const existing = parts.store.resources(context.region, stack.stackId);
  const { changes, properties } = importPlan(plan, imports, existing);
  const failure = await importFailure(parts, { changes, properties }, context);
  const shared = { deployment: prepared.deployment, problems: [] };
  if (failure !== undefined) return { ...shared, changes: [], ...failed(failure) };
  return {
    ...shared,
    changes,
    status: "CREATE_COMPLETE",
    statusReason: undefined,
    executionStatus: "AVAILABLE",
  };
}
