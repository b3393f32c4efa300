import { ExitCode, LmiError } from "../errors.ts";
import { nearest } from "../synth/nearest.ts";
import { commercialRegions, regionsWithout } from "../synth/regions.ts";

/** Where `lmi list --all-regions` looks. */
export const regionsOfLmi: readonly string[] = commercialRegions.filter(
  (name) => !regionsWithout.has(name),
);

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
