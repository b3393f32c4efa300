import { ExitCode, LmiError } from "../errors.ts";
import { nearest } from "../synth/nearest.ts";

/** Regions of the commercial partition as of 2026-11 (AWS General Reference, "AWS service endpoints"), for suggestions. */
export const commercialRegions: readonly string[] = [
  "af-south-1",
  "ap-east-1",
  "ap-east-2",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-south-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "ca-central-1",
  "ca-west-1",
  "eu-central-1",
  "eu-central-2",
  "eu-north-1",
  "eu-south-1",
  "eu-south-2",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
];

/** How AWS names regions; one that is newer than the list above passes. */
const form =
  /^[a-z]{2,4}(-[a-z]{2,4})?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d{1,2}$/;

/** Refuses what cannot be a region before a name lookup fails for it, with the region that was meant. */
export function checkRegion(region: string): void {
  if (form.test(region)) return;
  const meant = nearest(region, commercialRegions);
  throw new LmiError("LMI_REGION_UNKNOWN", `${region} is not an AWS region.`, {
    ...(meant === undefined ? {} : { why: `Did you mean ${meant}?` }),
    next: `Give another: --region ${meant ?? "us-east-1"}`,
    exitCode: ExitCode.usage,
  });
}
