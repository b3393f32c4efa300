import type { Aws } from "../../../aws/ports.ts";
import type { ChangeSummary } from "../../../deploy/changes.ts";
import { refusals } from "../../../deploy/refusals.ts";
import type { StackCondition } from "../../../deploy/stack-condition.ts";
import { takenLogGroups } from "../../../deploy/taken-log-groups.ts";
import { takenNames } from "../../../deploy/taken-names.ts";
import type { LmiError } from "../../../errors.ts";
import type { Prepared } from "./prepare.ts";

/** Everything about these changes that AWS would refuse half way. */
export async function refusedChanges(
  { template: wanted }: Pick<Prepared, "template">,
  condition: Pick<StackCondition, "kind">,
  deployed: string | undefined,
  changes: ChangeSummary,
  aws: Aws,
): Promise<LmiError[]> {
  // A failed stack still has its functions, and is deleted first.
  const isFree = condition.kind === "absent" || condition.kind === "ready";
  const looks = [takenNames, takenLogGroups];
  const taken = isFree
    ? await Promise.all(looks.map((look) => look(wanted, changes, { aws })))
    : [];
  return [...refusals({ wanted, deployed }, changes), ...taken.flat()];
}
