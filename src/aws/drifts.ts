import type { StackResourceDrift } from "@aws-sdk/client-cloudformation";

import type { CloudFormation } from "./cloudformation-client.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { DriftDetection, Drifts, ResourceDrift } from "./ports.ts";

export function createDrifts(
  { target }: Connection,
  cloudFormation: () => Promise<CloudFormation>,
): Drifts {
  const call = <T>(work: (cloudFormation: CloudFormation) => Promise<T>) =>
    explained(target, async () => work(await cloudFormation()));
  return {
    detect: (stackName) => call((cfn) => detect(cfn, stackName)),
    detection: (id) => call((cfn) => detection(cfn, id)),
    resources: (stackName) => call((cfn) => resources(cfn, stackName)),
  };
}

async function detect({ sdk, client }: CloudFormation, stackName: string): Promise<string> {
  const answer = await client.send(new sdk.DetectStackDriftCommand({ StackName: stackName }));
  return answer.StackDriftDetectionId ?? "";
}

async function detection({ sdk, client }: CloudFormation, id: string): Promise<DriftDetection> {
  const command = new sdk.DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id });
  const answer = await client.send(command);
  return { status: answer.DetectionStatus ?? "", reason: answer.DetectionStatusReason };
}

async function resources({ sdk, client }: CloudFormation, stackName: string) {
  const found: ResourceDrift[] = [];
  let token: string | undefined;
  do {
    const command = new sdk.DescribeStackResourceDriftsCommand({
      StackName: stackName,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const answer = await client.send(command);
    found.push(...(answer.StackResourceDrifts ?? []).map(toDrift));
    token = answer.NextToken;
  } while (token !== undefined);
  return found;
}

function toDrift(drift: StackResourceDrift): ResourceDrift {
  return {
    logicalId: drift.LogicalResourceId ?? "",
    physicalId: drift.PhysicalResourceId,
    type: drift.ResourceType ?? "",
    status: drift.StackResourceDriftStatus ?? "",
    differences: (drift.PropertyDifferences ?? []).map((difference) => ({
      path: difference.PropertyPath ?? "",
      expected: difference.DifferenceType === "ADD" ? undefined : difference.ExpectedValue,
      actual: difference.DifferenceType === "REMOVE" ? undefined : difference.ActualValue,
    })),
  };
}
