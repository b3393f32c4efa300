import { randomUUID } from "node:crypto";
import type {
  DescribeStackDriftDetectionStatusInput,
  DescribeStackResourceDriftsInput,
  DetectStackDriftInput,
  DetectStackResourceDriftInput,
} from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../service.ts";
import { canBeChecked, detectDrift } from "../../cloudformation/drift/detect.ts";
import type {
  DriftDetection,
  ResourceDrift,
  StackDrift,
} from "../../cloudformation/drift/drift-record.ts";
import type { ResourceRecord, StackRecord } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { page } from "./pages.ts";
import { requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";

/** User guide, "Detect unmanaged configuration changes to stacks and resources with drift detection". */
const detectable = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE",
  "UPDATE_ROLLBACK_FAILED",
]);
/** What is remembered of each stack. */
const keptDetections = 20;

export function driftOperations(parts: ServiceParts) {
  return {
    DetectStackDrift: (input: DetectStackDriftInput, context: CallContext) =>
      detectStackDrift(parts, input, context),
    DetectStackResourceDrift: (input: DetectStackResourceDriftInput, context: CallContext) =>
      detectStackResourceDrift(parts, input, context),
    DescribeStackDriftDetectionStatus: async (
      input: DescribeStackDriftDetectionStatusInput,
      context: CallContext,
    ) => describeDetection(parts, input, context),
    DescribeStackResourceDrifts: async (
      input: DescribeStackResourceDriftsInput,
      context: CallContext,
    ) => describeResourceDrifts(parts, input, context),
  };
}

/** The detection is done when it is answered; on AWS it goes on in the background. */
async function detectStackDrift(
  parts: ServiceParts,
  input: DetectStackDriftInput,
  context: CallContext,
): Promise<object> {
  const stack = detectableStack(parts, input.StackName, context);
  const all = livingResources(parts, stack, context);
  const wanted = input.LogicalResourceIds;
  const unknown = wanted?.find((id) => !all.some(({ logicalId }) => logicalId === id));
  if (unknown !== undefined) throw noResource(unknown, stack);
  const chosen = all.filter(
    ({ logicalId, type }) => canBeChecked(type) && (wanted?.includes(logicalId) ?? true),
  );
  const found: ResourceDrift[] = [];
  let reason: string | undefined;
  for (const resource of chosen) {
    try {
      found.push(await detectDrift(parts, resource, all, context));
    } catch (error) {
      reason = `Failed to detect drift on resource [${resource.logicalId}]: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  const known = knownDrift(parts, stack, context);
  const resources = { ...known.resources, ...byId(found) };
  const drifted = found.filter(({ status }) => status !== "IN_SYNC").length;
  const detection: DriftDetection = {
    id: randomUUID(),
    at: parts.context.clock.now().toISOString(),
    status: reason === undefined ? "DETECTION_COMPLETE" : "DETECTION_FAILED",
    reason,
    stackStatus: drifted > 0 ? "DRIFTED" : reason === undefined ? "IN_SYNC" : "UNKNOWN",
    drifted,
  };
  parts.store.drifts.put(context.region, stack.stackId, {
    stackId: stack.stackId,
    resources,
    detections: [detection, ...known.detections].slice(0, keptDetections),
  });
  return { StackDriftDetectionId: detection.id };
}

async function detectStackResourceDrift(
  parts: ServiceParts,
  input: DetectStackResourceDriftInput,
  context: CallContext,
): Promise<object> {
  const stack = detectableStack(parts, input.StackName, context);
  const all = livingResources(parts, stack, context);
  const resource = all.find(({ logicalId }) => logicalId === input.LogicalResourceId);
  if (!resource) throw noResource(input.LogicalResourceId ?? "", stack);
  if (!canBeChecked(resource.type)) {
    throw validationError(
      `Drift detection is not supported for resource [${resource.logicalId}] of type ${resource.type}`,
    );
  }
  const drift = await detectDrift(parts, resource, all, context);
  const known = knownDrift(parts, stack, context);
  parts.store.drifts.put(context.region, stack.stackId, {
    ...known,
    resources: { ...known.resources, ...byId([drift]) },
  });
  return { StackResourceDrift: driftDescription(stack, drift) };
}

function describeDetection(
  parts: ServiceParts,
  input: DescribeStackDriftDetectionStatusInput,
  context: CallContext,
): object {
  const id = input.StackDriftDetectionId;
  for (const { stackId, detections } of parts.store.drifts.list(context.region)) {
    const detection = detections.find((candidate) => candidate.id === id);
    if (!detection) continue;
    return {
      StackId: stackId,
      StackDriftDetectionId: detection.id,
      StackDriftStatus: detection.stackStatus,
      DetectionStatus: detection.status,
      DetectionStatusReason: detection.reason,
      DriftedStackResourceCount: detection.drifted,
      Timestamp: new Date(detection.at),
    };
  }
  throw validationError(`Drift detection with id ${id} does not exist`);
}

function describeResourceDrifts(
  parts: ServiceParts,
  input: DescribeStackResourceDriftsInput,
  context: CallContext,
): object {
  const stack = requireStack(parts, context, input.StackName);
  const wanted = new Set<string>(input.StackResourceDriftStatusFilters);
  const alive = new Set(livingResources(parts, stack, context).map(({ logicalId }) => logicalId));
  const drifts = Object.values(knownDrift(parts, stack, context).resources).filter(
    ({ logicalId, status }) => alive.has(logicalId) && (wanted.size === 0 || wanted.has(status)),
  );
  const { items, next } = page(
    drifts,
    input.NextToken,
    ({ logicalId }) => logicalId,
    input.MaxResults ?? 100,
  );
  return {
    StackResourceDrifts: items.map((drift) => driftDescription(stack, drift)),
    NextToken: next,
  };
}

function detectableStack(
  parts: ServiceParts,
  name: string | undefined,
  context: CallContext,
): StackRecord {
  const stack = requireStack(parts, context, name);
  if (detectable.has(stack.status)) return stack;
  throw validationError(
    `Drift detection is not supported for stack [${stack.stackName}] in status ${stack.status}`,
  );
}

function livingResources(
  parts: ServiceParts,
  stack: StackRecord,
  context: CallContext,
): ResourceRecord[] {
  return Object.values(parts.store.resources(context.region, stack.stackId)).filter(
    ({ status, physicalId }) => physicalId !== undefined && !status.startsWith("DELETE_"),
  );
}

function noResource(logicalId: string, stack: StackRecord): Error {
  return validationError(`Resource ${logicalId} does not exist for stack ${stack.stackName}`);
}

function byId(drifts: readonly ResourceDrift[]): Record<string, ResourceDrift> {
  return Object.fromEntries(drifts.map((drift) => [drift.logicalId, drift]));
}

function knownDrift(
  parts: ServiceParts,
  { stackId }: StackRecord,
  context: CallContext,
): StackDrift {
  return (
    parts.store.drifts.get(context.region, stackId) ?? { stackId, resources: {}, detections: [] }
  );
}

function driftDescription(stack: StackRecord, drift: ResourceDrift) {
  return {
    StackId: stack.stackId,
    LogicalResourceId: drift.logicalId,
    PhysicalResourceId: drift.physicalId,
    ResourceType: drift.type,
    ExpectedProperties: drift.expected,
    ActualProperties: drift.actual,
    PropertyDifferences: drift.differences,
    StackResourceDriftStatus: drift.status,
    Timestamp: new Date(drift.at),
  };
}
