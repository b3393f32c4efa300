import type { CallContext } from "../../service.ts";
import type { Engine } from "../../cloudformation/engine/engine.ts";
import type { EngineParts } from "../../cloudformation/engine/run.ts";
import type { StackRecord } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";

/** What every operation of the service is made from. */
export interface ServiceParts extends EngineParts {
  readonly engine: Engine;
}

/** The stack that a request names. `text` is CloudFormation's answer where there is none. */
export function requireStack(
  parts: ServiceParts,
  context: CallContext,
  name: string | undefined,
  text: (name: string) => string = (given) => `Stack [${given}] does not exist`,
): StackRecord {
  if (!name) {
    throw validationError(
      "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null",
    );
  }
  const stack = parts.store.findStack(context.region, name);
  if (!stack) throw validationError(text(name));
  return stack;
}

export function doesNotExist(name: string): string {
  return `Stack with id ${name} does not exist`;
}

export function storedCaller({
  region,
  accountId,
  requestId,
  accessKeyId,
}: CallContext): Omit<CallContext, "signal"> {
  return { region, accountId, requestId, accessKeyId };
}
