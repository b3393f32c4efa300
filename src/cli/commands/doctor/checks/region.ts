import { commercialRegions } from "../../../region-check.ts";
import { type Check, failure, ok, type Patient, type Verdict, warning } from "../check.ts";

/**
 * Commercial regions without Managed Instances (AWS What's New, 2026-06, "AWS Lambda Managed Instances region
 * expansion": all but these).
 */
const without = new Set(["il-central-1", "me-south-1", "me-central-1", "ap-southeast-6"]);

export const regionCheck: Check = { name: "region", awsOnly: true, run };

async function run({ aws }: Patient): Promise<Verdict> {
  const { region } = aws.target;
  if (without.has(region))
    return failure(
      `Lambda Managed Instances do not exist in ${region}`,
      "Take another region: lmi doctor --region eu-west-1",
    );
  if (commercialRegions.includes(region)) return ok(`${region} has Lambda Managed Instances`);
  return warning(
    `whether ${region} has Lambda Managed Instances is not known`,
    `Ask it: aws lambda list-capacity-providers --region ${region}`,
  );
}
