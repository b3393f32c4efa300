import type { InstanceGroup } from "../status/model.ts";
import type { MissingPart } from "../status/part.ts";

/** What was found, region by region. Fields are only ever added. */
export interface Listing {
  readonly account: string;
  /** Regions that answered. */
  readonly regions: readonly RegionListing[];
  /** Regions that did not, and why. */
  readonly failures: readonly RegionFailure[];
  /** US dollars a day of all that was found and has a price. */
  readonly perDay: number;
  /** Whether something that may cost could not be looked at, or has no price: it costs that much at least. */
  readonly isLeast: boolean;
}

export interface RegionListing {
  readonly region: string;
  readonly providers: readonly ListedProvider[];
  /** Stacks of lmi, those without a capacity provider too. */
  readonly stacks: readonly ListedStack[];
  readonly missing: readonly MissingPart[];
}

export interface RegionFailure {
  readonly region: string;
  readonly code: string;
  readonly message: string;
}

export interface ListedStack {
  readonly stackName: string;
  readonly status: string;
  /** The `name` in its lmi.json. */
  readonly project: string;
  readonly providers: readonly string[];
  readonly updatedAt: Date | undefined;
  /** When it is deleted (`deploy --ttl`): UTC, to the second. */
  readonly expiresAt: string | undefined;
  /** US dollars a day of its network; instances are with their providers. */
  readonly networkPerDay: number | undefined;
}

/** The tool that a capacity provider was made with, as far as tags and its stack tell. */
export type Tool =
  | "lmi"
  | "cdk"
  | "sam"
  | "serverless"
  | "terraform"
  | "cloudformation"
  | "unknown";

export interface Owner {
  readonly tool: Tool;
  readonly stackName: string | undefined;
}

export interface ListedProvider {
  readonly name: string;
  readonly arn: string;
  readonly state: string;
  readonly architecture: string | undefined;
  readonly maxVCpuCount: number | undefined;
  readonly owner: Owner;
  /** Functions with a published version on it, and all their versions; undefined: not allowed to be listed. */
  readonly functions: readonly string[] | undefined;
  readonly versions: number | undefined;
  /** undefined: not allowed to be looked at. */
  readonly instances: readonly InstanceGroup[] | undefined;
  /** US dollars a day of its instances, fee included; undefined where they are not known, or have no price. */
  readonly perDay: number | undefined;
}
