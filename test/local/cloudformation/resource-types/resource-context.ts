import type { ResourceContext } from "../../../../src/local/cloudformation/resource-type.ts";
import type { InProcessTarget } from "../../services/in-process-target.ts";

/** What a handler is given to make a resource; the same token again is what a restart gives. */
export function resourceContext(
  { target, caller }: Pick<InProcessTarget, "target" | "caller">,
  logicalId: string,
  {
    token = logicalId,
    stackTags = [],
  }: {
    readonly token?: string;
    readonly stackTags?: ResourceContext["stackTags"];
  } = {},
): ResourceContext {
  return {
    ...target,
    caller,
    stackName: "stack",
    stackId: "arn:stack",
    logicalId,
    generateName: (maxLength) => `stack-${token}`.slice(0, maxLength),
    stackTags,
    signal: caller.signal,
  };
}
