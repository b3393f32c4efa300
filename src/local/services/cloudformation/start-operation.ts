import { randomUUID } from "node:crypto";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { makeChangeSetsObsolete } from "../../cloudformation/change-set-life.ts";
import { moveStack } from "../../cloudformation/engine/run.ts";
import type {
  OperationRecord,
  OperationType,
  Phase,
  StackRecord,
} from "../../cloudformation/stack-record.ts";
import { storedCaller } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";
import { own } from "../../own.ts";

export interface OperationStart {
  readonly type: OperationType;
  readonly phase: Phase;
  readonly status: string;
  readonly token?: string | undefined;
  readonly reason?: string;
  readonly settings?: Partial<
    Pick<
      OperationRecord,
      | "onFailure"
      | "retainExceptOnCreate"
      | "previous"
      | "retainResources"
      | "skipResources"
      | "imports"
      | "force"
    >
  >;
  readonly change?: (stack: StackRecord) => void;
}

/** Stores the operation and the stack's new state in one step, then lets the engine work on it. */
export function startOperation(
  parts: ServiceParts,
  context: CallContext,
  stackId: string,
  start: OperationStart,
): string {
  const id = randomUUID();
  const operation: OperationRecord = {
    id,
    type: start.type,
    phase: start.phase,
    state: "running",
    token: start.token,
    caller: storedCaller(context),
    onFailure: "ROLLBACK",
    retainExceptOnCreate: false,
    retainResources: [],
    skipResources: [],
    force: false,
    ...start.settings,
  };
  parts.store.transaction(() => {
    makeChangeSetsObsolete(parts.store, context.region, stackId);
    moveStack(
      { store: parts.store, context: parts.context, region: context.region, stackId },
      {
        status: start.status,
        reason: start.reason ?? "User Initiated",
        change: (stack) => {
          stack.operation = operation;
          stack.operations = [{ id, type: start.type }, ...stack.operations];
          if (start.token !== undefined)
            stack.tokens = { ...stack.tokens, [start.token]: start.type };
          start.change?.(stack);
        },
      },
    );
  });
  parts.engine.start(context.region, stackId);
  return id;
}

/** Whether the token has already asked for the same; a token that asked for something else is refused. */
export function isRepeated(
  stack: StackRecord,
  token: string | undefined,
  type: OperationType,
): boolean {
  const known = token === undefined ? undefined : own(stack.tokens, token);
  if (known === undefined) return false;
  if (known === type) return true;
  throw new ServiceError(
    "TokenAlreadyExistsException",
    `Token ${token} already exists for another operation on stack ${stack.stackName}`,
    { status: 400 },
  );
}

export interface Cancellation {
  readonly afterwards: "ROLLBACK" | "DELETE";
  readonly type: OperationType;
  readonly token?: string | undefined;
}

/** Stops the work on a stack as soon as what has begun has ended; then it goes back, or away. */
export function cancelOperation(
  parts: ServiceParts,
  context: CallContext,
  stackId: string,
  { afterwards, type, token }: Cancellation,
): void {
  parts.store.changeStack(context.region, stackId, (stack) => {
    const { operation } = stack;
    if (!operation) return;
    operation.cancelled = true;
    operation.onFailure = afterwards;
    if (token === undefined) return;
    operation.token = token;
    stack.tokens = { ...stack.tokens, [token]: type };
  });
  parts.engine.cancel(stackId);
}
