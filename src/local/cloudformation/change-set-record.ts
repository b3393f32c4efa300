import type { DeploymentConfig } from "@aws-sdk/client-cloudformation";
import type { Replacement } from "./resource-data.ts";
import type { Deployment } from "./stack-record.ts";

export interface ChangeDetail {
  readonly attribute: "Properties" | "Metadata" | "DeletionPolicy" | "UpdateReplacePolicy" | "Tags";
  readonly name?: string | undefined;
  readonly path?: string | undefined;
  readonly requiresRecreation: "Never" | "Conditionally" | "Always";
  readonly beforeValue?: string | undefined;
  readonly afterValue?: string | undefined;
  readonly changeType: "Add" | "Remove" | "Modify";
  readonly evaluation: "Static" | "Dynamic";
  readonly changeSource:
    | "ResourceReference"
    | "ParameterReference"
    | "ResourceAttribute"
    | "DirectModification"
    | "Automatic";
  readonly causingEntity?: string | undefined;
  /** Shown only when property values are asked for, or only when they are not. */
  readonly view?: "values" | "plain" | undefined;
}

export interface ResourceChangeRecord {
  readonly action: "Add" | "Modify" | "Remove" | "Import";
  readonly logicalId: string;
  readonly physicalId?: string | undefined;
  readonly type: string;
  readonly replacement?: "True" | "False" | "Conditional" | undefined;
  /** The same with changes that are only possible; shown without property values. */
  readonly replacementIfPossible?: "True" | "False" | "Conditional" | undefined;
  /** Nothing is certain to change: shown only without property values. */
  readonly onlyPossible?: true | undefined;
  readonly policyAction?: string | undefined;
  readonly scope: readonly string[];
  readonly details: readonly ChangeDetail[];
  readonly beforeContext?: string | undefined;
  readonly afterContext?: string | undefined;
}

export type ChangeSetType = "CREATE" | "UPDATE" | "IMPORT";

export interface ChangeSetRecord {
  readonly changeSetId: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: ChangeSetType;
  readonly description?: string | undefined;
  readonly createdAt: string;
  readonly deployment: Deployment;
  readonly changes: readonly ResourceChangeRecord[];
  readonly deploymentConfig?: DeploymentConfig | undefined;
  readonly onStackFailure?: "ROLLBACK" | "DELETE" | "DO_NOTHING" | undefined;
  readonly includeNestedStacks?: boolean | undefined;
  readonly importExistingResources?: boolean | undefined;
  readonly clientToken?: string | undefined;
  status: "CREATE_COMPLETE" | "FAILED";
  statusReason?: string | undefined;
  executionStatus:
    | "AVAILABLE"
    | "UNAVAILABLE"
    | "EXECUTE_IN_PROGRESS"
    | "EXECUTE_COMPLETE"
    | "EXECUTE_FAILED"
    | "OBSOLETE";
  readonly problems: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly path: string;
    readonly message: string;
    readonly validation: "PROPERTY_VALIDATION" | "NAME_CONFLICT_VALIDATION";
  }[];
}

export const recreation: Readonly<Record<Replacement, ChangeDetail["requiresRecreation"]>> = {
  yes: "Always",
  maybe: "Conditionally",
  no: "Never",
};
