/** A published version of a function, as ListVersionsByFunction or GetFunctionConfiguration tells. */
export interface FunctionVersion {
  readonly functionName: string;
  /** `$LATEST.PUBLISHED` or a number. */
  readonly version: string;
  readonly arn: string;
  /** Lists leave it out: undefined where only they were asked. */
  readonly state: string | undefined;
  readonly lastUpdateStatus: string | undefined;
  readonly modifiedAt: Date | undefined;
  readonly codeBytes: number | undefined;
  readonly codeSha256: string | undefined;
  readonly description: string | undefined;
  readonly capacityProviderArn: string | undefined;
}

export interface VersionAlias {
  readonly name: string;
  /** The version that it points at, and those that get a part of its requests. */
  readonly versions: readonly string[];
}

/** Execution environments of a version; undefined: Lambda's defaults (3, and no maximum). */
export interface VersionScaling {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** A version that a capacity provider is associated with. */
export interface VersionUse {
  readonly functionArn: string;
  readonly functionName: string;
  /** `$LATEST`, `$LATEST.PUBLISHED` or a number. */
  readonly version: string;
  readonly state: string | undefined;
}

/** What an event source mapping calls. */
export interface MappedVersion {
  readonly functionName: string;
  /** A number, or the name of an alias. */
  readonly qualifier: string;
}

export interface Versions {
  /** `$LATEST.PUBLISHED` first, then the numbers, newest first; undefined when there is no such function. */
  ofFunction(functionName: string): Promise<readonly FunctionVersion[] | undefined>;
  aliases(functionName: string): Promise<readonly VersionAlias[]>;
  /** Function and qualifier of every event source mapping of the account and region that names a version or an alias. */
  mapped(): Promise<readonly MappedVersion[]>;
  /** What was asked for last; undefined where nothing was, or the version is gone. */
  scaling(functionName: string, version: string): Promise<VersionScaling | undefined>;
  /** Versions of all functions of the account that use a provider; undefined when there is no such provider. */
  ofCapacityProvider(nameOrArn: string): Promise<readonly VersionUse[] | undefined>;
  /**
   * Begins the deletion of one version; on managed instances it goes on after the answer (HTTP 202). One that is gone
   * is no error.
   * @returns false where Lambda refuses because something still points at it (ResourceConflictException)
   */
  delete(functionName: string, version: string): Promise<boolean>;
}
