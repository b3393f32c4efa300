import { customName } from "../property-changes.ts";
import type { ResourceData } from "../resource-data.ts";
import type { ResourceRecord } from "../stack-record.ts";
import { operationOf } from "./run.ts";
import type { Run } from "./run.ts";

/** Why CloudFormation does not replace a resource that would have to be replaced; undefined where it does. */
export function replacementRefusal(
  run: Run,
  data: ResourceData | undefined,
  record: ResourceRecord,
  next: ResourceRecord,
): string | undefined {
  // Observed: aws/aws-cdk issue 30546.
  if (operationOf(run).onFailure === "DO_NOTHING")
    return "Replacement type updates not supported on stack with disable-rollback.";
  const name = customName(data, record.properties, next.properties);
  return name === undefined
    ? undefined
    : `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`;
}
