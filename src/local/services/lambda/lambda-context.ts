import { randomUUID } from "node:crypto";
import type { DebugDoor } from "../../runtime/debug-door.ts";
import type { Fleet } from "../../runtime/fleet.ts";
import type { FunctionWatch } from "../../runtime/function-watch.ts";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import type { Activation } from "./activation.ts";
import type { Snapshot } from "./documents.ts";
import type { FunctionMetrics } from "./function-metrics.ts";
import type { LaunchInstance } from "./instance-launch.ts";
import type { LambdaStore } from "./store.ts";

/** How much of this machine the local Lambda takes. */
export interface LambdaOptions {
  /** Where code is unpacked. Nothing: a folder under the system's temporary folder, removed at close. */
  readonly workFolder?: string | undefined;
  /** Where Node.js binaries of other majors are kept (`…/lmi`; they go to `node/<major>` in it). */
  readonly cacheFolder?: string | undefined;
  /** Processes started for each version at once; AWS starts every environment. Nothing: 1. */
  readonly environments?: number | "all" | undefined;
  /** Worker threads for each environment; AWS has 8 for each vCPU. Nothing: as many as processors, at least 2. */
  readonly workers?: number | undefined;
  /** False: the number of environments changes only when it is asked to, and no load is measured. Nothing: true. */
  readonly autoscaling?: boolean | undefined;
  /** Where instances come from. Nothing: the EC2 of this target. */
  readonly launch?: LaunchInstance | undefined;
  /** What runs the code of versions. Nothing: processes of this machine. */
  readonly runtime?: FunctionRuntime | undefined;
  /** Told of what functions do, as they do it. */
  readonly watch?: FunctionWatch | undefined;
  /** Where a debugger comes in to a function; such a function runs in one process at a time. */
  readonly debug?: ((functionName: string) => DebugDoor | undefined) | undefined;
  /** False: providers launch what new code needs beside the old, whatever their limit of vCPUs. Nothing: true. */
  readonly vCpuLimit?: boolean | undefined;
}

/** Makes what serves a version from its code and configuration. */
export interface FunctionRuntime {
  /** A fleet for a snapshot; its processes start with `open`. */
  prepare(region: string, snapshot: Snapshot, environments: number): Promise<Fleet>;
  close(): Promise<void>;
}

/** What the operations of this service share. */
export interface LambdaContext {
  readonly target: TargetContext;
  readonly store: LambdaStore;
  readonly activation: Activation;
  readonly metrics: FunctionMetrics;
}

export type Operations = Readonly<Record<string, Operation>>;

/** A call of one service to another, not caused by one request of a client. */
export function ownCall(target: TargetContext, region: string): CallContext {
  return {
    region,
    accountId: target.accountId,
    requestId: randomUUID(),
    accessKeyId: "lambda.amazonaws.com",
    signal: new AbortController().signal,
  };
}

/** AWS's form of dates in Lambda's answers. */
export const timestamp = (date: Date) => date.toISOString().replace("Z", "+0000");
