import { LmiError } from "../../../errors.ts";
import type { Listing, RegionFailure, RegionListing } from "./model.ts";

/** A region that is silent for so long is given up, ms; what it told before is shown. */
const patience = 20_000;

/** Between who reads a region and who waits for it. */
export interface Pulse {
  /** AWS has answered something. */
  readonly answered: () => void;
  /** Aborts with the LmiError that says that the region no longer answers. */
  readonly signal: AbortSignal;
}

/** Of a read that nobody is tired of. */
export function endlessPulse(): Pulse {
  return { answered: () => {}, signal: new AbortController().signal };
}

/** The regions beside each other; one that fails does not keep the others from being told. */
export async function readRegions(
  regions: readonly string[],
  read: (region: string, pulse: Pulse) => Promise<RegionListing>,
): Promise<Pick<Listing, "regions" | "failures">> {
  const found = await Promise.all(
    regions.map(async (region): Promise<RegionListing | RegionFailure> => {
      try {
        return await whileItAnswers(region, (pulse) => read(region, pulse));
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

async function whileItAnswers<T>(region: string, work: (pulse: Pulse) => Promise<T>): Promise<T> {
  const end = new AbortController();
  const giveUp = () =>
    end.abort(
      new LmiError(
        "LMI_ENDPOINT_UNREACHABLE",
        `${region} did not answer within ${patience / 1000} seconds.`,
      ),
    );
  const timer = setTimeout(giveUp, patience);
  // A timer that is cleared is not begun again by what is answered late.
  const answered = () => void timer.refresh();
  try {
    return await work({ answered, signal: end.signal });
  } finally {
    clearTimeout(timer);
  }
}
