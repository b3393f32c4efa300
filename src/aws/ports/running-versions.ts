/** Execution environments, 0–15000; undefined: Lambda's own default. */
export interface ScalingLimits {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface ScalingState {
  /** What was asked for last, and what is in force; they differ while a change is under way. */
  readonly requested: ScalingLimits;
  readonly applied: ScalingLimits;
}

/** How a version is set up, without its environment variables. */
export interface VersionConfiguration {
  readonly runtime: string | undefined;
  readonly architecture: string | undefined;
  readonly handler: string | undefined;
  /** MB. */
  readonly memory: number | undefined;
  /** GiB. */
  readonly memoryPerVCpu: number | undefined;
  /** Requests at once in one execution environment. */
  readonly concurrency: number | undefined;
  /** Seconds. */
  readonly timeout: number | undefined;
  /** MB. */
  readonly ephemeralStorage: number | undefined;
  readonly logLevel: string | undefined;
  readonly systemLogLevel: string | undefined;
  readonly tracing: boolean;
  readonly codeSha256: string | undefined;
  readonly lastModified: string | undefined;
}

/** What runs, version by version. */
export interface RunningVersions {
  /** undefined when there is no such version. */
  scaling(functionName: string, version: string): Promise<ScalingState | undefined>;
  /** Of `$LATEST` where no version is given; undefined when there is none. */
  configuration(functionName: string, version?: string): Promise<VersionConfiguration | undefined>;
}
