import type { PropertyDifference } from "./differences.ts";

/** What the last look at a resource has found. */
export interface ResourceDrift {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: "IN_SYNC" | "MODIFIED" | "DELETED";
  readonly differences: readonly PropertyDifference[];
  /** JSON; absent of resources that are gone. */
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  readonly at: string;
}

/** One DetectStackDrift. */
export interface DriftDetection {
  readonly id: string;
  readonly at: string;
  readonly status: "DETECTION_COMPLETE" | "DETECTION_FAILED";
  readonly reason?: string | undefined;
  readonly stackStatus: "IN_SYNC" | "DRIFTED" | "UNKNOWN";
  readonly drifted: number;
}

export interface StackDrift {
  readonly stackId: string;
  readonly resources: Readonly<Record<string, ResourceDrift>>;
  /** Newest first. */
  readonly detections: readonly DriftDetection[];
}
