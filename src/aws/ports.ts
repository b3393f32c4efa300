import type { AwsTarget } from "./target.ts";
import type { Assets } from "./ports/assets.ts";
import type { CapacityProviders } from "./ports/capacity-providers.ts";
import type { ChangeSets } from "./ports/change-sets.ts";
import type { Code } from "./ports/code.ts";
import type { Drifts } from "./ports/drifts.ts";
import type { Egress } from "./ports/egress.ts";
import type { Functions } from "./ports/functions.ts";
import type { Credentials, Identity } from "./ports/identity.ts";
import type { Inventory } from "./ports/inventory.ts";
import type { InvocationRoutes } from "./ports/invocation-routes.ts";
import type { Instances } from "./ports/instances.ts";
import type { LogGroups } from "./ports/log-groups.ts";
import type { LogTimeline } from "./ports/log-timeline.ts";
import type { KeptCodes } from "./ports/kept-code.ts";
import type { Logs } from "./ports/logs.ts";
import type { NetworkInterfaces } from "./ports/network-interfaces.ts";
import type { Metrics } from "./ports/metrics.ts";
import type { Networks } from "./ports/networks.ts";
import type { PriceLists } from "./ports/price-lists.ts";
import type { Scaling } from "./ports/scaling.ts";
import type { Quotas } from "./ports/quotas.ts";
import type { Roles } from "./ports/roles.ts";
import type { ServerClock } from "./ports/server-clock.ts";
import type { StackRemovals } from "./ports/stack-removals.ts";
import type { RunningVersions } from "./ports/running-versions.ts";
import type { Stacks } from "./ports/stacks.ts";
import type { Versions } from "./ports/versions.ts";
import type { Zones } from "./ports/zones.ts";

/**
 * What lmi needs of AWS, as narrow interfaces: one file each in ports/, with its implementation on the AWS SDK
 * beside this file.
 */
export type * from "./ports/assets.ts";
export type * from "./ports/capacity-providers.ts";
export type * from "./ports/change-sets.ts";
export type * from "./ports/code.ts";
export type * from "./ports/drifts.ts";
export type * from "./ports/egress.ts";
export type * from "./ports/functions.ts";
export type * from "./ports/identity.ts";
export type * from "./ports/instances.ts";
export type * from "./ports/kept-code.ts";
export type * from "./ports/inventory.ts";
export type * from "./ports/invocation-routes.ts";
export type * from "./ports/live-properties.ts";
export type * from "./ports/log-groups.ts";
export type * from "./ports/log-timeline.ts";
export type * from "./ports/logs.ts";
export type * from "./ports/network-interfaces.ts";
export type * from "./ports/metrics.ts";
export type * from "./ports/networks.ts";
export type * from "./ports/price-lists.ts";
export type * from "./ports/scaling.ts";
export type * from "./ports/quotas.ts";
export type * from "./ports/roles.ts";
export type * from "./ports/server-clock.ts";
export type * from "./ports/stack-removals.ts";
export type * from "./ports/running-versions.ts";
export type * from "./ports/stacks.ts";
export type * from "./ports/versions.ts";
export type * from "./ports/zones.ts";

/** All ports for one target; each member loads its SDK client when first called. */
export interface Aws {
  readonly target: AwsTarget;
  readonly metrics: Metrics;
  readonly runningVersions: RunningVersions;
  readonly inventory: Inventory;
  readonly identity: Identity;
  /** The one source of credentials: what the ports sign with, and what the CDK toolkit library is handed. */
  readonly credentials: () => Promise<Credentials>;
  readonly functions: Functions;
  readonly invocationRoutes: InvocationRoutes;
  readonly code: Code;
  readonly keptCodes: KeptCodes;
  readonly assets: Assets;
  readonly capacityProviders: CapacityProviders;
  readonly instances: Instances;
  readonly networks: Networks;
  readonly networkInterfaces: NetworkInterfaces;
  readonly priceLists: PriceLists;
  readonly changeSets: ChangeSets;
  readonly drifts: Drifts;
  readonly scaling: Scaling;
  readonly egress: Egress;
  readonly quotas: Quotas;
  readonly roles: Roles;
  readonly serverClock: ServerClock;
  readonly zones: Zones;
  readonly stacks: Stacks;
  readonly stackRemovals: StackRemovals;
  readonly versions: Versions;
  readonly logs: Logs;
  readonly logGroups: LogGroups;
  readonly logTimeline: LogTimeline;
}
