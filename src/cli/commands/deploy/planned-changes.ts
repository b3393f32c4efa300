import type { Aws } from "../../../aws/ports.ts";
import type { ChangeSummary } from "../../../deploy/changes.ts";
import { type FoundLogGroup, foundLogGroups } from "../../../deploy/found-log-groups.ts";
import { refusals } from "../../../deploy/refusals.ts";
import type { StackCondition } from "../../../deploy/stack-condition.ts";
import { alsoTaken, withTakenBack } from "../../../deploy/take-back.ts";
import { takenNames } from "../../../deploy/taken-names.ts";
import type { LmiError } from "../../../errors.ts";
import type { Reporter } from "../../output/reporter.ts";
import { wrap } from "../../output/wrap.ts";
import type { Prepared } from "./prepare.ts";

export interface PlannedChanges {
  readonly changes: ChangeSummary;
  /** Everything about these changes that AWS would refuse half way. */
  readonly refused: readonly LmiError[];
  /** Log groups that are there, and come into the stack. */
  readonly takesBack: readonly FoundLogGroup[];
}

export interface Deployed {
  readonly condition: Pick<StackCondition, "kind">;
  readonly template: string | undefined;
}

/** What differs between two templates, in the light of what there is at AWS. */
export async function plannedChanges(
  { template: wanted, stackName, settings }: Pick<Prepared, "template" | "stackName" | "settings">,
  { condition, template: deployed }: Deployed,
  compared: ChangeSummary,
  { aws, adopts }: { readonly aws: Aws; readonly adopts: boolean },
): Promise<PlannedChanges> {
  const claim = { project: settings.name, stackName, adopts };
  // A failed stack still has its functions, and is deleted first.
  const isFree = condition.kind === "absent" || condition.kind === "ready";
  const [names, { kept, taken }] = await Promise.all([
    isFree ? takenNames(wanted, compared, { aws }) : [],
    foundLogGroups(wanted, compared, claim, { aws }),
  ]);
  return {
    changes: withTakenBack(compared, kept),
    refused: [...refusals({ wanted, deployed }, compared), ...names, ...(isFree ? taken : [])],
    takesBack: kept,
  };
}

/** The setting that takes log groups back is one of the whole change set. */
export function sayAlsoTaken(
  { template }: Pick<Prepared, "template">,
  changes: ChangeSummary,
  reporter: Reporter,
): void {
  const ids = alsoTaken(template, changes);
  if (ids.length === 0) return;
  reporter.warn(
    wrap(
      `With log groups CloudFormation takes into the stack all else that is new, has a name and DeletionPolicy Retain, and is there already, whoever made it: ${ids.join(", ")}.`,
      2,
    ),
  );
}
