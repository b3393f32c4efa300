import type { Service, TargetContext } from "../../service.ts";
import { createEngine } from "../../cloudformation/engine/engine.ts";
import { createResourceDataSource } from "../../cloudformation/resource-data.ts";
import type { ResourceDataSource } from "../../cloudformation/resource-data.ts";
import type { ResourceType } from "../../cloudformation/resource-type.ts";
import { resourceTypes } from "../../cloudformation/resource-types/registry.ts";
import { StackStore } from "../../cloudformation/stack-store.ts";
import { changeSetOperations } from "./change-set-operations.ts";
import { describeOperations } from "./describe-operations.ts";
import { driftOperations } from "./drift-operations.ts";
import { rollbackOperations } from "./rollback-operations.ts";
import type { ServiceParts } from "./service-parts.ts";
import { stackOperations } from "./stack-operations.ts";
import { templateOperations } from "./template-operations.ts";

export interface CloudFormationOptions {
  /** Behaviour by type name; default: all that the local target has. */
  readonly resourceTypes?: ReadonlyMap<string, ResourceType>;
  readonly data?: ResourceDataSource;
}

export interface CloudFormationService extends Service {
  /** Resolves when no stack is being worked on. */
  idle(): Promise<void>;
}

/** CloudFormation of the local target. */
export function createCloudFormationService(
  target: TargetContext,
  options: CloudFormationOptions = {},
): CloudFormationService {
  const store = new StackStore(target);
  const base = {
    context: target,
    store,
    data: options.data ?? createResourceDataSource(),
    resourceTypes: options.resourceTypes ?? resourceTypes,
  };
  const engine = createEngine(base);
  const parts: ServiceParts = { ...base, engine };
  return {
    name: "cloudformation",
    operations: {
      ...stackOperations(parts),
      ...changeSetOperations(parts),
      ...describeOperations(parts),
      ...templateOperations(parts),
      ...rollbackOperations(parts),
      ...driftOperations(parts),
    },
    resume: async () => {
      store.forgetOldStacks();
      engine.resume();
    },
    idle: () => engine.idle(),
    close: () => engine.close(),
  };
}
