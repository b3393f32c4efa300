import { randomUUID } from "node:crypto";
import type { CallContext, TargetContext } from "../../service.ts";
import type { ResourceDataSource } from "../resource-data.ts";
import type { ResourceContext, ResourceType } from "../resource-type.ts";
import { endExecution } from "../change-set-life.ts";
import { stackType } from "../stack-record.ts";
import type {
  EventRecord,
  Incarnation,
  OperationRecord,
  OperationType,
  Phase,
  ResourceRecord,
  StackRecord,
} from "../stack-record.ts";
import type { StackStore } from "../stack-store.ts";
import { maskSecrets } from "../template/parameters.ts";

export interface EngineParts {
  readonly context: TargetContext;
  readonly store: StackStore;
  readonly data: ResourceDataSource;
  readonly resourceTypes: ReadonlyMap<string, ResourceType>;
}

/** The target stops: the work stays as it is stored and goes on after the next start. */
export class Interrupted extends Error {}

/** The work on one stack, from its first phase to its last. */
export interface Run extends EngineParts {
  readonly region: string;
  readonly stackId: string;
  readonly caller: CallContext;
  /** Aborted when the target stops. */
  readonly closing: AbortSignal;
  /** Aborted when a cancellation of the update was asked for. */
  readonly cancelled: AbortSignal;
}

export function stackOf(run: Run): StackRecord {
  const stack = run.store.stack(run.region, run.stackId);
  if (!stack) throw new Error(`Stack ${run.stackId} vanished`);
  return stack;
}

export function operationOf(run: Run): OperationRecord {
  const { operation } = stackOf(run);
  if (!operation) throw new Error(`Stack ${run.stackId} has no operation`);
  return operation;
}

export function resourcesOf(run: Run): ResourceRecord[] {
  return Object.values(run.store.resources(run.region, run.stackId));
}

export function stopWhenClosing(run: Run): void {
  if (run.closing.aborted) throw new Interrupted();
}

export interface Transition {
  readonly status: string;
  readonly reason?: string | undefined;
  readonly phase?: Phase;
  /** The new part is an operation of its own, as a rollback is. */
  readonly operation?: OperationType;
  /** The work ends here, for good or until somebody decides. */
  readonly end?: "done" | "paused";
  readonly change?: (stack: StackRecord) => void;
}

/** Moves the stack to its next state, with its event, in one stored step. */
export function moveStack(
  run: Pick<Run, "store" | "region" | "stackId" | "context">,
  to: Transition,
): void {
  const { store, region, stackId } = run;
  store.transaction(() => {
    const stack = store.changeStack(region, stackId, (record) => {
      record.status = to.status;
      record.statusReason = to.reason;
      const { operation } = record;
      if (operation && to.phase) operation.phase = to.phase;
      if (operation && to.operation) {
        operation.id = randomUUID();
        operation.type = to.operation;
        record.operations = [{ id: operation.id, type: to.operation }, ...record.operations];
      }
      to.change?.(record);
    });
    addStackEvent(run, stack);
    if (to.end) {
      endExecution(store, region, stack);
      store.changeStack(region, stackId, (record) => {
        if (to.end === "done") record.operation = undefined;
        else if (record.operation) record.operation.state = "paused";
      });
    }
  });
}

function addStackEvent(run: Pick<Run, "store" | "region" | "stackId">, stack: StackRecord): void {
  const latest = stack.operation ?? stack.operations[0];
  if (!latest) return;
  run.store.addEvent(run.region, run.stackId, {
    operationId: latest.id,
    operationType: latest.type,
    logicalId: stack.stackName,
    physicalId: stack.stackId,
    type: stackType,
    status: stack.status,
    reason: stack.statusReason,
    token: stack.operation?.token,
  });
}

export type ResourceEvent = Partial<Pick<EventRecord, "status" | "reason" | "physicalId">>;

/** Stores a resource with its new status, and the event that says so. */
export function moveResource(
  run: Run,
  resource: Omit<ResourceRecord, "updatedAt">,
  event: ResourceEvent | "no event" = {},
): ResourceRecord {
  const record: ResourceRecord = { ...resource, updatedAt: run.context.clock.now().toISOString() };
  run.store.transaction(() => {
    run.store.putResource(run.region, run.stackId, record);
    if (event !== "no event") addResourceEvent(run, record, event);
  });
  return record;
}

export function addResourceEvent(
  run: Run,
  record: ResourceRecord,
  event: ResourceEvent = {},
): void {
  const operation = operationOf(run);
  run.store.addEvent(run.region, run.stackId, {
    operationId: operation.id,
    operationType: operation.type,
    logicalId: record.logicalId,
    physicalId: event.physicalId ?? record.physicalId ?? "",
    type: record.type,
    status: event.status ?? record.status,
    reason: "reason" in event ? event.reason : record.statusReason,
    properties: maskSecrets(
      JSON.stringify(record.pending ?? record.properties),
      stackOf(run).deployment?.parameters ?? [],
    ),
    token: operation.token,
  });
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The random end of a generated name, 12 characters as CloudFormation's. */
export function newNameToken(random: () => number): string {
  return Array.from({ length: 12 }, () => alphabet[Math.floor(random() * alphabet.length)]).join(
    "",
  );
}

function generatedName(
  stackName: string,
  logicalId: string,
  token: string,
  maxLength: number,
): string {
  const room = maxLength - token.length - 2;
  if (room < 2) return token.slice(0, maxLength);
  const whole = stackName.length + logicalId.length <= room;
  const left = whole
    ? stackName
    : stackName.slice(0, Math.max(Math.ceil(room / 2), room - logicalId.length));
  const right = whole ? logicalId : logicalId.slice(0, room - left.length);
  return `${left}-${right}-${token}`;
}

export interface ContextOptions extends Pick<ResourceContext, "initiated" | "previousStackTags"> {
  readonly signal: AbortSignal;
}

export function resourceContext(
  run: Run,
  record: Pick<ResourceRecord, "logicalId">,
  incarnation: Pick<Incarnation, "nameToken" | "stackTags">,
  options: ContextOptions,
): ResourceContext {
  const { accountId, clock, state, blobs, random, timing, call, faults, endpoint, log } =
    run.context;
  const { stackName } = stackOf(run);
  return {
    accountId,
    clock,
    state,
    blobs,
    random,
    timing,
    call,
    faults,
    endpoint,
    log,
    caller: { ...run.caller, signal: options.signal },
    stackName,
    stackId: run.stackId,
    logicalId: record.logicalId,
    generateName: (maxLength, { lowercase = false } = {}) => {
      const name = generatedName(stackName, record.logicalId, incarnation.nameToken, maxLength);
      return lowercase ? name.toLowerCase() : name;
    },
    stackTags: [
      ...incarnation.stackTags,
      { Key: "aws:cloudformation:stack-name", Value: stackName },
      { Key: "aws:cloudformation:stack-id", Value: run.stackId },
      { Key: "aws:cloudformation:logical-id", Value: record.logicalId },
    ],
    ...(options.previousStackTags ? { previousStackTags: options.previousStackTags } : {}),
    signal: options.signal,
    ...(options.initiated ? { initiated: options.initiated } : {}),
  };
}
