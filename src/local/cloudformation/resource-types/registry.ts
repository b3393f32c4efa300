import type { ResourceType } from "../resource-type.ts";
import { cdkMetadata } from "./cdk-metadata.ts";
import { instanceProfile, managedPolicy, policy } from "./iam-policy.ts";
import { role } from "./iam-role.ts";
import { capacityProvider } from "./lambda-capacity-provider.ts";
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
];

/** The resource types with behaviour on the local target, by name. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  types.map((entry) => [entry.type, entry]),
);
