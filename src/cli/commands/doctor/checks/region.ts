import { awsCommand } from "../../../../aws/aws-command.ts";
import { commercialRegions, regionsWithout } from "../../../../synth/regions.ts";
import { type Check, failure, ok, type Patient, type Verdict, warning } from "../check.ts";

export const regionCheck: Check = { name: "region", awsOnly: true, run };

async function run({ aws }: Patient): Promise<Verdict> {
  const { region } = aws.target;
  if (regionsWithout.has(region))
    return failure(
      `Lambda Managed Instances do not exist in ${region}`,
      "Take another region: lmi doctor --region eu-west-1",
    );
  if (commercialRegions.includes(region)) return ok(`${region} has Lambda Managed Instances`);
  return warning(
    `whether ${region} has Lambda Managed Instances is not known`,
    `Ask it: ${awsCommand(aws.target, "lambda list-capacity-providers")}`,
  );
}
