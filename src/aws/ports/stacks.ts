export interface StackState {
  readonly stackName: string;
  readonly stackId: string;
  readonly status: string;
  readonly statusReason: string | undefined;
  /** Of the change set that it executed last, or executes. */
  readonly changeSetId?: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
  readonly terminationProtection: boolean;
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly statusReason: string | undefined;
}

export interface StackEvent {
  readonly eventId: string;
  readonly time: Date;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly statusReason: string | undefined;
  /** What the caller named the operation. */
  readonly token?: string | undefined;
}

export interface Stacks {
  /** undefined when there is no such stack (a deleted one counts as none). `nameOrId`: an id also finds deleted stacks. */
  find(nameOrId: string): Promise<StackState | undefined>;
  resources(stackName: string): Promise<readonly StackResource[]>;
  /** Events newest first, until `after` (exclusive) or the first one. */
  events(nameOrId: string, after?: string): Promise<readonly StackEvent[]>;
  template(stackName: string): Promise<string | undefined>;
  delete(stackName: string): Promise<void>;
}
