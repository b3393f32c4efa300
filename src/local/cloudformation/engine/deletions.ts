import { randomUUID } from "node:crypto";
import type { ResourceData } from "../resource-data.ts";
import type { Incarnation, ResourceRecord } from "../stack-record.ts";
import { idOfCutOff } from "./cut-off.ts";
import { failureReason } from "./handler-error.ts";
import { incarnation, isReplaced } from "./incarnation.ts";
import { behaviour } from "./make-resource.ts";
import {
  addResourceEvent,
  Interrupted,
  moveResource,
  resourceContext,
  stopWhenClosing,
} from "./run.ts";
import type { Run } from "./run.ts";
import { VisitFailed, walk } from "./walk.ts";

/** One incarnation of a resource that is to go. */
export interface Deletion {
  readonly logicalId: string;
  readonly incarnation: Incarnation;
  /** The one that the stack shows under this logical id; others are left-overs of replacements. */
  readonly current: boolean;
  /** Left in place and forgotten, because its policy or the caller says so. */
  readonly keep: boolean;
}

export interface DeletionOptions {
  readonly data: ReadonlyMap<string, ResourceData>;
  /** `forget`: the resource leaves the stack's list. `mark`: it stays there as deleted, as in a deleted stack. */
  readonly afterwards: "forget" | "mark";
  /** What cannot be deleted is forgotten too, as CloudFormation does when it cleans up after an update. */
  readonly forgetFailed: boolean;
}

/** Deletes dependents before what they need. Answers the logical ids that could not be deleted. */
export async function deleteAll(
  run: Run,
  deletions: readonly Deletion[],
  options: DeletionOptions,
): Promise<string[]> {
  const keyed = new Map<string, Deletion>(deletions.map((deletion) => [randomUUID(), deletion]));
  const graph = new Map(
    [...keyed].map(([key, { logicalId }]) => {
      const dependents = [...keyed].filter(([, other]) =>
        other.incarnation.dependsOn.includes(logicalId),
      );
      return [key, new Set(dependents.map(([other]) => other))];
    }),
  );
  const failed = await walk(
    graph,
    async (key) => {
      const deletion = keyed.get(key);
      if (deletion) await deleteOne(run, deletion, options);
    },
    { goOn: true },
  );
  return failed.map((key) => keyed.get(key)?.logicalId ?? key);
}

async function deleteOne(run: Run, deletion: Deletion, options: DeletionOptions): Promise<void> {
  stopWhenClosing(run);
  const record = run.store.resource(run.region, run.stackId, deletion.logicalId);
  if (!record) return;
  const type = behaviour(run, options.data, record.type);
  const physicalId =
    deletion.incarnation.physicalId ??
    (await idOfCutOff(run, type, deletion.logicalId, deletion.incarnation));
  const shown: ResourceRecord = deletion.current
    ? { ...record, physicalId }
    : { ...record, ...deletion.incarnation, physicalId, pending: undefined };
  if (deletion.keep) return leave(run, deletion, shown, options);
  if (physicalId !== undefined) {
    announce(run, deletion, shown, "DELETE_IN_PROGRESS");
    try {
      const context = resourceContext(run, record, deletion.incarnation, { signal: run.closing });
      await type.delete(physicalId, deletion.incarnation.properties, context);
    } catch (error) {
      stopWhenClosing(run);
      if (error instanceof Interrupted) throw error;
      announce(run, deletion, shown, "DELETE_FAILED", failureReason(run, error));
      if (!options.forgetFailed) throw new VisitFailed();
      // It no longer is in the way of what it needs: that is tried, too.
      return gone(run, deletion, shown, options, "DELETE_FAILED");
    }
  }
  run.store.transaction(() => {
    addResourceEvent(run, shown, { status: "DELETE_COMPLETE", reason: undefined });
    gone(run, deletion, shown, options, "DELETE_COMPLETE");
  });
}

function leave(
  run: Run,
  deletion: Deletion,
  shown: ResourceRecord,
  options: DeletionOptions,
): void {
  run.store.transaction(() => {
    addResourceEvent(run, shown, { status: "DELETE_SKIPPED", reason: undefined });
    gone(run, deletion, shown, options, "DELETE_SKIPPED");
  });
}

function announce(
  run: Run,
  deletion: Deletion,
  shown: ResourceRecord,
  status: string,
  reason?: string,
): void {
  if (deletion.current) moveResource(run, { ...shown, status, statusReason: reason });
  else addResourceEvent(run, shown, { status, reason });
}

/** Takes the incarnation out of what is stored, so that it is not deleted twice. */
function gone(
  run: Run,
  deletion: Deletion,
  shown: ResourceRecord,
  options: DeletionOptions,
  status: string,
): void {
  const record = run.store.resource(run.region, run.stackId, deletion.logicalId);
  if (!record) return;
  if (!deletion.current) {
    const { nameToken } = deletion.incarnation;
    run.store.putResource(run.region, run.stackId, {
      ...record,
      before: record.before?.nameToken === nameToken ? undefined : record.before,
      discarded: record.discarded?.filter((other) => other.nameToken !== nameToken),
    });
  } else if (options.afterwards === "forget") {
    run.store.removeResource(run.region, run.stackId, deletion.logicalId);
  } else {
    moveResource(run, { ...shown, status, statusReason: undefined, isNew: undefined }, "no event");
  }
}

/** Left-overs of replacements: the incarnations that the stack no longer shows. */
export function leftOvers(record: ResourceRecord): Incarnation[] {
  const replaced = record.before && isReplaced(record, record.before) ? [record.before] : [];
  return [...replaced, ...(record.discarded ?? [])];
}

/** All incarnations of a resource, the current one last. */
export function allDeletions(
  record: ResourceRecord,
  keep: (incarnation: Incarnation) => boolean,
): Deletion[] {
  const isGone = record.status === "DELETE_COMPLETE" || record.status === "DELETE_SKIPPED";
  const current = incarnation(record);
  return [
    ...leftOvers(record).map((left) => ({
      logicalId: record.logicalId,
      incarnation: left,
      current: false,
      keep: keep(left),
    })),
    ...(isGone
      ? []
      : [
          { logicalId: record.logicalId, incarnation: current, current: true, keep: keep(current) },
        ]),
  ];
}
