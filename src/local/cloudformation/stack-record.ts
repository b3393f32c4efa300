import type { ParameterValue } from "./template/parameters.ts";

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface ProcessedTemplate {
  /** Its id in the template collection. */
  readonly templateId: string;
  /** The AWS::LanguageExtensions transform was among them. */
  readonly extended: boolean;
}

/** Everything that decides what a stack should be. */
export interface Deployment {
  /** SHA-256 of the template's text, its id in the template collection. */
  readonly templateId: string;
  /** The template after its transforms, where it has any. */
  readonly processed?: ProcessedTemplate | undefined;
  readonly description?: string | undefined;
  readonly parameters: readonly ParameterValue[];
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly roleArn?: string | undefined;
}

export interface OutputRecord {
  readonly key: string;
  readonly value: string;
  readonly description?: string | undefined;
  readonly exportName?: string | undefined;
}

export type OperationType =
  | "CREATE_STACK"
  | "UPDATE_STACK"
  | "DELETE_STACK"
  | "CONTINUE_ROLLBACK"
  | "ROLLBACK"
  | "CREATE_CHANGESET";

/** Steps of the work on a stack, in the order in which they may follow each other. */
export type Phase =
  | "deploy"
  | "cleanup"
  | "rollback-create"
  | "rollback-update"
  | "rollback-cleanup"
  | "import"
  | "rollback-import"
  | "delete";

/** Who asked for the work, so that it can be taken up again in their name. */
export interface StoredCaller {
  readonly region: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly accessKeyId: string;
}

/** The work that a stack is in the middle of, or stopped in the middle of. Stored at every step. */
export interface OperationRecord {
  /** Under which the events of this part of the work are found. */
  id: string;
  type: OperationType;
  phase: Phase;
  /** `running` is taken up again after a restart; `paused` waits for a decision. */
  state: "running" | "paused";
  /** ClientRequestToken of the request, shown in its events. */
  token?: string | undefined;
  readonly caller: StoredCaller;
  onFailure: "ROLLBACK" | "DELETE" | "DO_NOTHING";
  /** Nothing new is begun: the update was cancelled, or the stack is to be deleted while it is created. */
  cancelled?: boolean | undefined;
  readonly retainExceptOnCreate: boolean;
  /** What stood before, to go back to; absent while a stack is created. */
  readonly previous?: Deployment | undefined;
  readonly retainResources: readonly string[];
  readonly skipResources: readonly string[];
  /** Physical ids of what is taken into the stack instead of made, by logical id. */
  readonly imports?: Readonly<Record<string, string>> | undefined;
  /** Force-delete: what cannot be deleted is left and forgotten. */
  readonly force: boolean;
}

export interface StackRecord {
  readonly stackId: string;
  readonly stackName: string;
  /** The stack in which it is nested, and the outermost one. */
  parentId?: string | undefined;
  rootId?: string | undefined;
  /** Part of generated names. */
  readonly createdAt: string;
  updatedAt?: string | undefined;
  deletedAt?: string | undefined;
  status: string;
  statusReason?: string | undefined;
  disableRollback: boolean;
  timeoutInMinutes?: number | undefined;
  terminationProtection: boolean;
  retainExceptOnCreate?: boolean | undefined;
  changeSetId?: string | undefined;
  /** Absent until a change set that makes the stack was executed. */
  deployment?: Deployment | undefined;
  outputs: readonly OutputRecord[];
  /** Names of other stacks' exports that this one uses. */
  imports: readonly string[];
  operation?: OperationRecord | undefined;
  /** Newest first. */
  operations: readonly { readonly id: string; readonly type: OperationType }[];
  /** ClientRequestToken → what it asked for. */
  tokens: Readonly<Record<string, string>>;
  eventCount: number;
  lastEventAt: number;
}

/** What exists of a resource. */
export interface Incarnation {
  readonly physicalId?: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly stackTags: readonly Tag[];
  /** Random part of generated names; stored before anything is made, so that repeating is harmless. */
  readonly nameToken: string;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly deletionPolicy?: string | undefined;
  readonly updateReplacePolicy?: string | undefined;
  readonly dependsOn: readonly string[];
  /** Its creation was cut off by the end of the target before it said what it made: there may be something without an id. */
  readonly cutOff?: boolean | undefined;
  /** It was there before the stack took it, which is not stable since: a rollback lets go of it. */
  readonly adopted?: boolean | undefined;
}

export interface ResourceRecord extends Incarnation {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly statusReason?: string | undefined;
  readonly updatedAt: string;
  /** Made since the stack was last stable: a rollback deletes it. */
  readonly isNew?: boolean | undefined;
  /** The current incarnation is being made in place of `before`. */
  readonly replacing?: boolean | undefined;
  /** Properties being applied by an update in place. */
  readonly pending?: Readonly<Record<string, unknown>> | undefined;
  /** As it was when the stack was last stable. With another name token: replaced, to be cleaned up. */
  readonly before?: Incarnation | undefined;
  /** New incarnations that a rollback gave up, to be cleaned up. */
  readonly discarded?: readonly Incarnation[] | undefined;
}

export interface EventRecord {
  readonly id: string;
  readonly sequence: number;
  readonly operationId: string;
  readonly operationType: OperationType;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly at: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly properties?: string | undefined;
  readonly token?: string | undefined;
}

export const stackType = "AWS::CloudFormation::Stack";

export function isInProgress(status: string): boolean {
  return status.endsWith("_IN_PROGRESS") && status !== "REVIEW_IN_PROGRESS";
}
