/** Where a target says which process it is. No S3 bucket can have this name, and no other service a path like it. */
export const identityPath = "/_lmi";

/** What it says there: nothing that `ps` would not tell. */
export interface Identity {
  readonly pid: number;
}
