import { LmiError } from "../errors.ts";

/**
 * For a function that its stack has and Lambda has not. CloudFormation compares templates, not what exists: it finds
 * nothing to change, and an update of the missing function fails (CloudFormation user guide, "Detect unmanaged
 * configuration changes to stacks and resources with drift detection").
 */
export function functionGone(functionName: string): LmiError {
  return new LmiError(
    "LMI_FUNCTION_GONE",
    `Function ${functionName} is in the stack, but gone from Lambda.`,
    {
      why: "It was deleted outside of the stack. CloudFormation does not see that, so another deploy would change nothing.",
      next: "lmi destroy && lmi deploy   (deletes the rest, and makes all of it anew)",
      details: { functionName },
    },
  );
}
