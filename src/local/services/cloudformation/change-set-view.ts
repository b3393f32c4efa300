import type {
  ChangeDetail,
  ChangeSetRecord,
  ResourceChangeRecord,
} from "../../cloudformation/change-set-record.ts";
import { shownParameter } from "./stack-view.ts";

export function changeSetDescription(
  changeSet: ChangeSetRecord,
  changes: readonly ResourceChangeRecord[],
  withValues: boolean,
) {
  const { deployment } = changeSet;
  return {
    ...changeSetSummary(changeSet),
    Parameters: deployment.parameters.map(shownParameter),
    NotificationARNs: deployment.notificationArns,
    RollbackConfiguration: {},
    Capabilities: deployment.capabilities,
    Tags: deployment.tags,
    Changes: changes.map((change) => ({
      Type: "Resource",
      ResourceChange: resourceChange(change, withValues),
    })),
    OnStackFailure: changeSet.onStackFailure,
    DeploymentConfig: changeSet.deploymentConfig,
  };
}

export function changeSetSummary(changeSet: ChangeSetRecord) {
  return {
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    ChangeSetId: changeSet.changeSetId,
    ChangeSetName: changeSet.name,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    CreationTime: new Date(changeSet.createdAt),
    Description: changeSet.description,
    IncludeNestedStacks: changeSet.includeNestedStacks ?? false,
    ImportExistingResources: changeSet.importExistingResources ?? false,
  };
}

function resourceChange(change: ResourceChangeRecord, withValues: boolean) {
  return {
    PolicyAction: change.policyAction,
    Action: change.action,
    LogicalResourceId: change.logicalId,
    PhysicalResourceId: change.physicalId,
    ResourceType: change.type,
    Replacement: replacement(change, withValues),
    Scope: change.scope,
    Details: withValues
      ? change.details.filter(({ view }) => view !== "plain").map(valueDetail)
      : plainDetails(change.details.filter(({ view }) => view !== "values")),
    ...(withValues
      ? { BeforeContext: change.beforeContext, AfterContext: change.afterContext }
      : {}),
  };
}

/**
 * With property values an addition counts as a replacement (observed, localstack/localstack
 * test_change_set_fn_get_attr.snapshot.json), and so does an import (aws/aws-cdk-cli pull request 447).
 */
function replacement(change: ResourceChangeRecord, withValues: boolean) {
  if (change.action === "Add" || change.action === "Import") return withValues ? "True" : undefined;
  return withValues ? change.replacement : (change.replacementIfPossible ?? change.replacement);
}

function valueDetail(detail: ChangeDetail) {
  return {
    Target: {
      Attribute: detail.attribute,
      Name: detail.name,
      RequiresRecreation: detail.requiresRecreation,
      Path: detail.path ?? `/${detail.attribute}`,
      BeforeValue: detail.beforeValue,
      AfterValue: detail.afterValue,
      AttributeChangeType: detail.changeType,
    },
    Evaluation: detail.evaluation,
    ChangeSource: detail.changeSource,
    CausingEntity: detail.causingEntity,
  };
}

const strength: readonly ChangeDetail["requiresRecreation"][] = [
  "Never",
  "Conditionally",
  "Always",
];

/** Without values there is one detail for a property and its cause, not one for each path in it. */
function plainDetails(details: readonly ChangeDetail[]) {
  const merged = new Map<string, ChangeDetail>();
  for (const detail of details) {
    const key = `${detail.attribute}/${detail.name}/${detail.changeSource}/${detail.causingEntity}`;
    const known = merged.get(key);
    const isStronger =
      known &&
      strength.indexOf(known.requiresRecreation) >= strength.indexOf(detail.requiresRecreation);
    if (!isStronger) merged.set(key, detail);
  }
  return [...merged.values()].map((detail) => ({
    Target: {
      Attribute: detail.attribute,
      Name: detail.name,
      RequiresRecreation: detail.requiresRecreation,
    },
    Evaluation: detail.evaluation,
    ChangeSource: detail.changeSource,
    CausingEntity: detail.causingEntity,
  }));
}
