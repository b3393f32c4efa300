import type { ResourceType } from "../resource-type.ts";
import { cdkMetadata } from "./cdk-metadata.ts";
import { instanceProfile, managedPolicy, policy } from "./iam-policy.ts";
import { role } from "./iam-role.ts";
import { eventInvokeConfig, functionUrl, permission } from "./lambda-access.ts";
import { capacityProvider } from "./lambda-capacity-provider.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { lambdaAlias, lambdaVersion, layerVersion } from "./lambda-version.ts";
import { logGroup, logStream } from "./logs.ts";
import { bucket, bucketPolicy } from "./s3.ts";
import { parameter } from "./ssm.ts";

const types: readonly ResourceType[] = [
  cdkMetadata,
  bucket,
  bucketPolicy,
  role,
  policy,
  managedPolicy,
  instanceProfile,
  parameter,
  logGroup,
  logStream,
  capacityProvider,
  lambdaFunction,
  lambdaVersion,
  lambdaAlias,
  layerVersion,
  permission,
  functionUrl,
  eventInvokeConfig,
];

/** The resource types with behaviour on the local target, by name. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  types.map((entry) => [entry.type, entry]),
);
