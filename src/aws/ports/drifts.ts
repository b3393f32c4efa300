export interface DriftDetection {
  /** `DETECTION_IN_PROGRESS`, `DETECTION_COMPLETE` or `DETECTION_FAILED`. */
  readonly status: string;
  readonly reason: string | undefined;
}

/** What CloudFormation has found of one resource. */
export interface ResourceDrift {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  /** `IN_SYNC`, `MODIFIED`, `DELETED`, or one that says that it was not looked at. */
  readonly status: string;
  readonly differences: readonly PropertyDrift[];
}

export interface PropertyDrift {
  /** `/CapacityProviderScalingConfig/MaxVCpuCount`. */
  readonly path: string;
  /** JSON, or text; undefined: there should be none, or is none. */
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/** Comparing a stack with what really is there. */
export interface Drifts {
  /** Begins, and gives an id to ask with. */
  detect(stackName: string): Promise<string>;
  detection(id: string): Promise<DriftDetection>;
  /** Of the last detection. */
  resources(stackName: string): Promise<readonly ResourceDrift[]>;
}
