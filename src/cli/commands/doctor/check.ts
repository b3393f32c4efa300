import type { Aws, LiveProperties, StackState, SubnetEgress } from "../../../aws/ports.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { System } from "../../system.ts";

export type CheckStatus = "ok" | "warning" | "failure" | "skipped";

/** What a check has found. */
export interface Verdict {
  readonly status: CheckStatus;
  /** What was seen: names, numbers, dates. */
  readonly evidence: string;
  /** What to do about it; a command to copy where there is one. */
  readonly mend?: string;
}

export interface CheckResult extends Verdict {
  /** Stable. */
  readonly check: string;
  /** How long it took. */
  readonly milliseconds: number;
}

export interface DoctorProject extends LoadedSettings {
  readonly stackName: string;
}

/** The project's stack as it is deployed, with how its capacity providers are set up now. */
export interface Deployed {
  readonly stack: StackState;
  readonly providers: readonly { readonly arn: string; readonly properties: LiveProperties }[];
}

/** Subnets and security groups of the instances. */
export interface Place {
  readonly subnets: readonly SubnetEgress[];
  /** Ids that settings or the provider name, and EC2 does not know. */
  readonly missing: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** What checks look at. What several of them ask AWS for is asked once. */
export interface Patient {
  readonly system: System;
  readonly aws: Aws;
  readonly caller: () => Promise<{ readonly accountId: string; readonly arn: string }>;
  /** Version of the bootstrap stack; undefined where there is none. */
  readonly bootstrapVersion: () => Promise<number | undefined>;
  /** undefined: there is no project here. */
  readonly project: DoctorProject | undefined;
  /** Where its instances are, or will be; undefined: in a new VPC, or there is no project. */
  readonly place: () => Promise<Place | undefined>;
  /** The project's stack, in whatever state; undefined: no project, or no such stack. */
  readonly stack: () => Promise<StackState | undefined>;
  /** undefined: no project, or it is not deployed. */
  readonly deployed: () => Promise<Deployed | undefined>;
}

export interface Check {
  /** Stable, and what people read. */
  readonly name: string;
  /** Left out where there is no project. */
  readonly ofProject?: true;
  /** Left out on the local target, where it would say nothing. */
  readonly awsOnly?: true;
  /** Milliseconds it may take, where that is not the usual limit. */
  readonly limit?: number;
  /** The IAM action without which it cannot look. */
  readonly permission?: string;
  readonly run: (patient: Patient) => Promise<Verdict>;
}

export const ok = (evidence: string): Verdict => ({ status: "ok", evidence });
export const warning = (evidence: string, mend: string): Verdict => ({
  status: "warning",
  evidence,
  mend,
});
export const failure = (evidence: string, mend: string): Verdict => ({
  status: "failure",
  evidence,
  mend,
});
export const skipped = (evidence: string): Verdict => ({ status: "skipped", evidence });

const gravity: readonly CheckStatus[] = ["skipped", "ok", "warning", "failure"];

/** One verdict of several: as bad as the worst of them, which come first. */
export function together(verdicts: readonly Verdict[]): Verdict {
  const sorted = verdicts.toSorted(
    (one, other) => gravity.indexOf(other.status) - gravity.indexOf(one.status),
  );
  const mends = sorted.flatMap(({ mend }) => mend ?? []);
  return {
    status: sorted[0]?.status ?? "skipped",
    evidence: sorted.map(({ evidence }) => evidence).join("\n"),
    ...(mends.length === 0 ? {} : { mend: [...new Set(mends)].join("\n") }),
  };
}
