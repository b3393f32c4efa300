/** What invoke, logs, status and destroy need to know of a project, without checking all of its settings. */
export interface ProjectNames {
  readonly projectName: string;
  readonly environmentName: string | undefined;
  readonly stackName: string;
  /** From lmi.json only; flags and environment variables are the caller's. */
  readonly region: string | undefined;
  readonly functionNames: readonly string[];
  readonly projectDir: string;
  /** undefined: there is no lmi.json. */
  readonly configFile: string | undefined;
}

export interface ProjectNamesRequest {
  readonly cwd: string;
  readonly configFile?: string | undefined;
  readonly environmentName?: string | undefined;
}

/** Reads lmi.json alone. Fails with LMI_CONFIG_NOT_FOUND or LMI_CONFIG_SYNTAX, exit code 2. */
export type ReadProjectNames = (request: ProjectNamesRequest) => Promise<ProjectNames>;
