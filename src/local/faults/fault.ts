import type { ServiceName } from "../service.ts";

/** What can be made to go wrong. */
export const faultKinds = [
  "throttle",
  "error",
  "reset",
  "slow",
  "expired-token",
  "access-denied",
  "insufficient-capacity",
  "failed-launch",
  "unhealthy-instance",
  "failed-termination",
  "failed-provider",
  "failed-version",
  "draining",
  "no-egress",
  "failed-resource",
] as const;
export type FaultKind = (typeof faultKinds)[number];

/**
 * Where a fault strikes: a client's request, CloudFormation's work on a resource, the launch or end of an instance, a capacity
 * provider or a function version that becomes active, a version that ends, the log of an execution environment.
 */
export type FaultSite =
  | "request"
  | "resource"
  | "launch"
  | "termination"
  | "provider"
  | "version"
  | "version end"
  | "log";

export const resourceActions = ["create", "update", "delete"] as const;
export type ResourceAction = (typeof resourceActions)[number];

/**
 * What goes wrong, where, and how often. Names may end in `*`. What is absent fits anything: without numbers a rule
 * strikes every time.
 */
export interface FaultRule {
  readonly fault: FaultKind;
  readonly region?: string | undefined;
  /** Of requests, by the service's signing name. */
  readonly service?: ServiceName | undefined;
  readonly operation?: string | undefined;
  /** Of resources in a stack. With one of these three a throttle, a denial or slowness strikes there, not a request. */
  readonly resourceType?: string | undefined;
  readonly logicalId?: string | undefined;
  readonly action?: ResourceAction | undefined;
  /** Of versions and logs. */
  readonly functionName?: string | undefined;
  /** Of `failed-version` and `failed-launch`: Lambda's reason code. */
  readonly code?: string | undefined;
  /** Occurrences that pass first, from 0. */
  readonly after?: number | undefined;
  /** Strikes at most this often, from 1. */
  readonly times?: number | undefined;
  /** Strikes each n-th occurrence only, from 1. */
  readonly every?: number | undefined;
  /** Strikes with this chance, above 0 and up to 1. */
  readonly probability?: number | undefined;
  /** Of `slow` and `draining`: milliseconds on the target's clock, up to 15 minutes. */
  readonly delayMs?: number | undefined;
  /** Of `error`: the HTTP status, 500 to 599. */
  readonly status?: number | undefined;
  /**
   * Of `reset` and `failed-resource`: before anything is done, the default, or when it is done: the answer is then cut
   * off in its middle, and the resource exists.
   */
  readonly when?: "before" | "after" | undefined;
  /** The message of the error in place of the usual one. */
  readonly reason?: string | undefined;
}

/** A rule with what became of it. */
export interface FaultRecord {
  /** `f1`, `f2`, … */
  readonly id: string;
  readonly rule: FaultRule;
  /** Occurrences that fitted so far, until the rule had struck often enough. */
  readonly seen: number;
  /** How often it struck. */
  readonly hits: number;
  /** `file`: from the rules file, and gone when it no longer is in there at the next start. */
  readonly source: "added" | "file";
}

/** Something that may be struck. */
export type Occasion =
  | {
      readonly at: "request";
      readonly region: string;
      readonly service: ServiceName;
      readonly operation: string;
    }
  | {
      readonly at: "resource";
      readonly region: string;
      readonly resourceType: string;
      readonly logicalId: string;
      readonly action: ResourceAction;
    }
  | { readonly at: "launch" | "termination" | "provider"; readonly region: string }
  | {
      readonly at: "version" | "version end" | "log";
      readonly region: string;
      readonly functionName: string;
    };

/** A rule that strikes, with its id. */
export interface StruckRule extends FaultRule {
  readonly id: string;
}

/** A reason that a rule made says so, behind AWS's words: who forgot the rule would look for the cause elsewhere. */
export function markedReason(text: string, { id }: Pick<StruckRule, "id">): string {
  return `${text} (a fault rule of the local target: ${id})`;
}

/** What services ask: which rules strike now. Asking counts. */
export interface FaultSource {
  /** Any number of `slow` rules, and at most one other, in the order in which they were added. */
  strike(occasion: Occasion): readonly StruckRule[];
}

/** Nothing ever goes wrong. */
export const noFaults: FaultSource = { strike: () => [] };

const sites: Readonly<Record<FaultKind, readonly FaultSite[]>> = {
  throttle: ["request", "resource"],
  error: ["request"],
  reset: ["request"],
  slow: ["request", "resource"],
  "expired-token": ["request"],
  "access-denied": ["request", "resource"],
  "insufficient-capacity": ["launch"],
  "failed-launch": ["launch"],
  "unhealthy-instance": ["launch"],
  "failed-termination": ["termination"],
  "failed-provider": ["provider"],
  "failed-version": ["version"],
  draining: ["version end"],
  "no-egress": ["log"],
  "failed-resource": ["resource"],
};

export function siteOf({ fault, resourceType, logicalId, action }: FaultRule): FaultSite {
  const [first = "request", ...others] = sites[fault];
  const isOfResource = (resourceType ?? logicalId ?? action) !== undefined;
  return isOfResource && others.includes("resource") ? "resource" : first;
}

const places = [
  "region",
  "service",
  "operation",
  "resourceType",
  "logicalId",
  "action",
  "functionName",
] as const;

export function fits(rule: FaultRule, occasion: Occasion): boolean {
  if (siteOf(rule) !== occasion.at) return false;
  const given: Readonly<Record<string, unknown>> = { ...occasion };
  return places.every((name) => isLike(rule[name], given[name]));
}

/** Names in AWS are compared as they are written; a trailing `*` stands for any end. */
function isLike(wanted: string | undefined, given: unknown): boolean {
  if (wanted === undefined || wanted === given) return true;
  return wanted.endsWith("*") && typeof given === "string" && given.startsWith(wanted.slice(0, -1));
}

/** Whether the rule has nothing more to do. */
export function isSpent({ rule: { times }, hits }: FaultRecord): boolean {
  return times !== undefined && hits >= times;
}

/** Counts one occurrence that fits. */
export function counted(record: FaultRecord, random: () => number): FaultRecord {
  const { after = 0, every = 1, probability } = record.rule;
  const seen = record.seen + 1;
  const turn = seen - after - 1;
  const strikes =
    turn >= 0 && turn % every === 0 && (probability === undefined || random() < probability);
  return { ...record, seen, hits: record.hits + (strikes ? 1 : 0) };
}
