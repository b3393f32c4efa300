/** A role with what decides what it may do. */
export interface RoleDescription {
  readonly name: string;
  readonly arn: string;
  /** Trust policy, JSON. */
  readonly trust: string;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  /** Inline policies, JSON, by name. */
  readonly inline: Readonly<Record<string, string>>;
}

export interface SimulationRequest {
  readonly actions: readonly string[];
  /** `*` where an action takes no resource. */
  readonly resources: readonly string[];
  /** Condition keys that the real request would have. */
  readonly context?: Readonly<Record<string, string>>;
}

export interface Decision {
  readonly action: string;
  readonly resource: string;
  /** `explicitDeny` is a Deny of a policy or a permissions boundary; `implicitDeny`: nobody has allowed it. */
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
}

export interface Roles {
  /** ARN with its path, which an assumed role's ARN leaves out; undefined: there is no such role. */
  arnOf(name: string): Promise<string | undefined>;
  /** undefined: there is no such role. */
  find(name: string): Promise<RoleDescription | undefined>;
  /** What a user's or role's policies say, as IAM's policy simulator does: nothing is called. */
  simulate(principalArn: string, request: SimulationRequest): Promise<readonly Decision[]>;
}
