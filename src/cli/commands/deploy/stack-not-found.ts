import type { Aws } from "../../../aws/ports.ts";
import { LmiError } from "../../../errors.ts";

/** No such stack: never silent, and always with the place that was looked at. */
export function stackNotFound(
  stackName: string,
  account: string,
  aws: Pick<Aws, "target">,
): LmiError {
  const { region, local } = aws.target;
  return new LmiError(
    "LMI_STACK_NOT_FOUND",
    `There is no stack ${stackName} in account ${account}, region ${region}.`,
    {
      why: "It was never deployed here, was destroyed, or lives in another account or region.",
      next: local ? "lmi deploy --local" : "Look elsewhere with --region, --profile or --local",
      details: { account, region, stackName },
    },
  );
}
