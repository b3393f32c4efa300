import { LmiError } from "../../../errors.ts";
import type { Listing, RegionFailure, RegionListing } from "./model.ts";

/** A region that is slower than this is told as one that did not answer, ms. */
const patience = 20_000;

/** The regions beside each other; one that fails does not keep the others from being told. */
export async function readRegions(
  regions: readonly string[],
  read: (region: string) => Promise<RegionListing>,
): Promise<Pick<Listing, "regions" | "failures">> {
  const found = await Promise.all(
    regions.map(async (region): Promise<RegionListing | RegionFailure> => {
      try {
        return await inTime(region, read(region));
      } catch (error) {
        if (error instanceof LmiError) return failureOf(region, error);
        throw error;
      }
    }),
  );
  return {
    regions: found.filter((each) => "providers" in each),
    failures: found.filter((each) => "code" in each),
  };
}

/**
 * Credentials that are good elsewhere and refused here: the region is not enabled for the account (AWS Account
 * Management guide, "Enable or disable AWS Regions": tokens of the global endpoint are not valid there either).
 */
function failureOf(region: string, { code, message, why }: LmiError): RegionFailure {
  if (code === "LMI_CREDENTIALS_INVALID")
    return { region, code, message: "not enabled for this account" };
  if (code === "LMI_ACCESS_DENIED") return { region, code, message: why ?? message };
  return { region, code, message };
}

async function inTime<T>(region: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_done, fail) => {
    const error = new LmiError(
      "LMI_ENDPOINT_UNREACHABLE",
      `${region} did not answer within ${patience / 1000} seconds.`,
    );
    timer = setTimeout(() => fail(error), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
