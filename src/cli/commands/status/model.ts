import type {
  CapacityProviderState,
  FunctionState,
  ManagedInstance,
  ScalingState,
  StackState,
  VersionAlias,
} from "../../../aws/ports.ts";
import type { NextTime } from "../pause/next-times.ts";
import type { DailyCost } from "./daily-cost.ts";
import type { FunctionLoad, InstanceTypeLoad } from "./load.ts";
import type { MissingPart } from "./part.ts";
import type { SettingsView } from "./settings-view.ts";

/** What exists and how it is doing, at one moment. Fields are only ever added. */
export interface Status {
  readonly time: Date;
  readonly account: string;
  readonly region: string;
  readonly stack: StackState;
  /** Why the stack is in a state that its last change was not to end in; undefined where it is fine. */
  readonly trouble: TroubleView | undefined;
  /** When a stack with a time to live is deleted; undefined where it stays. */
  readonly expires: Date | undefined;
  readonly pause: PauseView;
  /** The first of capacityProviders. */
  readonly capacityProvider: ProviderView | undefined;
  readonly capacityProviders: readonly ProviderView[];
  /** Of all providers. undefined: the caller has no permission to look (ec2:DescribeInstances). */
  readonly instances: readonly ManagedInstance[] | undefined;
  /** `$LATEST.PUBLISHED` of every function, what answers requests; undefined where nothing is published. */
  readonly functions: readonly FunctionView[];
  readonly cost: DailyCost | undefined;
  readonly settings: SettingsView | undefined;
  /** Parts that could not be read, and why. */
  readonly missing: readonly MissingPart[];
  /** The command that helps where something is wrong or under way. */
  readonly next: string | undefined;
}

export interface PauseView {
  /** Names of functions whose environments `lmi pause`, or a schedule, has ended: they answer no requests. */
  readonly functions: readonly string[];
  /** What the stack's own schedule does next, the earliest first; [] where it has none. */
  readonly next: readonly NextTime[];
}

export interface TroubleView {
  /** What the state means. */
  readonly outcome: string | undefined;
  /** What failed first, and then, where going back failed too, what kept it from that. */
  readonly failures: readonly StackFailureView[];
}

export interface StackFailureView {
  readonly time: Date;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  /** Of lmi's explanation, for `lmi explain`; undefined where the reason says enough. */
  readonly code?: string;
}

export interface ProviderView extends CapacityProviderState {
  /** `Auto`, or `Manual` with the percent of CPU that it aims at. */
  readonly scaling: ScalingMode | undefined;
  readonly instanceGroups: readonly InstanceGroup[] | undefined;
  readonly vCpus: VCpus;
  /** Of all functions, also those that another stack has. undefined: not allowed to be listed. */
  readonly versions: { readonly used: number; readonly limit: number } | undefined;
  /** By instance type, from CloudWatch. */
  readonly load: readonly InstanceTypeLoad[] | undefined;
  /** Launches that failed in the last quarter of an hour, newest first. */
  readonly launchFailures: readonly LaunchFailure[] | undefined;
}

export interface ScalingMode {
  readonly mode: string;
  readonly targetCpu: number | undefined;
}

export interface InstanceGroup {
  readonly instanceType: string;
  readonly availabilityZone: string | undefined;
  readonly state: string;
  readonly count: number;
}

export interface VCpus {
  /** `MaxVCpuCount`. */
  readonly cap: number | undefined;
  /** Of the instances that there are. */
  readonly running: number | undefined;
  /** What may still be launched under the cap. */
  readonly headroom: number | undefined;
  /** Given to execution environments, and free for more, of all types; CloudWatch's newest. */
  readonly allocated: number | undefined;
  readonly available: number | undefined;
}

export interface LaunchFailure {
  readonly time: Date;
  readonly message: string;
}

export interface FunctionView {
  readonly name: string;
  readonly published: FunctionState | undefined;
  /** Lambda has no such function, although the stack has it. */
  readonly gone: boolean;
  /**
   * Whether what `lmi push` or `lmi rollback` published is the code that the stack's template names; undefined: neither
   * did, or what was deployed is not kept.
   */
  readonly isStackCode: boolean | undefined;
  readonly url: string | undefined;
  /** Versions of this function on any of the stack's providers. */
  readonly versions: readonly VersionView[] | undefined;
  readonly aliases: readonly VersionAlias[] | undefined;
  readonly load: FunctionLoad | undefined;
}

export interface VersionView {
  readonly version: string;
  readonly state: string | undefined;
  /** undefined: not looked at, or not allowed. */
  readonly scaling: ScalingState | undefined;
}
