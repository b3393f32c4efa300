import { expect } from "vitest";
import type { ShownEvent } from "./shown.ts";

type Order = Readonly<Record<string, readonly string[]>>;

/** Statuses of a stack that may follow each other (user guide, "Understand CloudFormation stack creation events"; API reference, Stack). */
const stackOrder: Order = {
  "": ["REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS"],
  REVIEW_IN_PROGRESS: ["CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  CREATE_IN_PROGRESS: [
    "CREATE_COMPLETE",
    "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "DELETE_IN_PROGRESS",
  ],
  CREATE_COMPLETE: ["UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  CREATE_FAILED: ["UPDATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  ROLLBACK_IN_PROGRESS: ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"],
  ROLLBACK_COMPLETE: ["DELETE_IN_PROGRESS"],
  ROLLBACK_FAILED: ["DELETE_IN_PROGRESS"],
  UPDATE_IN_PROGRESS: [
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    // An update of a stack whose creation had failed has nothing to go back to.
    "ROLLBACK_IN_PROGRESS",
  ],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: ["UPDATE_COMPLETE"],
  UPDATE_COMPLETE: ["UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  UPDATE_FAILED: [
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "ROLLBACK_IN_PROGRESS",
    "DELETE_IN_PROGRESS",
  ],
  UPDATE_ROLLBACK_IN_PROGRESS: [
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_FAILED",
  ],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: ["UPDATE_ROLLBACK_COMPLETE"],
  UPDATE_ROLLBACK_COMPLETE: ["UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  UPDATE_ROLLBACK_FAILED: ["UPDATE_ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  DELETE_IN_PROGRESS: ["DELETE_COMPLETE", "DELETE_FAILED"],
  DELETE_FAILED: ["DELETE_IN_PROGRESS"],
  DELETE_COMPLETE: [],
};

/** What may be told of a resource under its logical id, deletions apart. */
const resourceOrder: Order = {
  "": ["CREATE_IN_PROGRESS", "CREATE_FAILED"],
  // Twice: "Resource creation Initiated".
  CREATE_IN_PROGRESS: ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CREATE_FAILED"],
  CREATE_COMPLETE: ["UPDATE_IN_PROGRESS", "UPDATE_FAILED"],
  // Tried again by an update after a failure without rollback.
  CREATE_FAILED: ["CREATE_IN_PROGRESS", "CREATE_FAILED", "UPDATE_COMPLETE"],
  UPDATE_IN_PROGRESS: ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED"],
  // A rollback that shows the old resource again after a replacement does not begin anything.
  UPDATE_COMPLETE: ["UPDATE_IN_PROGRESS", "UPDATE_FAILED", "UPDATE_COMPLETE"],
  UPDATE_FAILED: ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED"],
};

/** What may be told of the deletion of one physical resource. */
const deletionOrder: Order = {
  "": ["DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_SKIPPED"],
  DELETE_IN_PROGRESS: ["DELETE_COMPLETE", "DELETE_FAILED"],
  DELETE_FAILED: ["DELETE_IN_PROGRESS", "DELETE_SKIPPED"],
};

/** Holds the events of a stack, oldest first, to the orders above. */
export function checkEventOrder(events: readonly ShownEvent[]): void {
  const order = new EventOrder();
  for (const event of events) {
    const problem = order.take(event);
    if (problem !== undefined) expect.fail(`${problem}\n${lines(events)}`);
  }
}

class EventOrder {
  #stack = "";
  readonly #resources = new Map<string, string>();
  /** Logical ids that may be made again: they were deleted, or a clean-up forgot what it could not delete. */
  readonly #gone = new Set<string>();
  readonly #deletions = new Map<string, string>();
  #problem: string | undefined;

  /** What is wrong with this event after those before it. */
  take(event: ShownEvent): string | undefined {
    if (event.ResourceType === "AWS::CloudFormation::Stack")
      this.#stack = this.#follow(stackOrder, this.#stack, event);
    else if (event.ResourceStatus.startsWith("DELETE_")) this.#takeDeletion(event);
    else this.#takeResource(event);
    return this.#problem;
  }

  #takeDeletion(event: ShownEvent): void {
    const id = event.LogicalResourceId;
    const one = `${id} ${event.PhysicalResourceId}`;
    const status = this.#follow(deletionOrder, this.#deletions.get(one) ?? "", event);
    const ended = status === "DELETE_COMPLETE" || status === "DELETE_SKIPPED";
    if (ended) this.#deletions.delete(one);
    else this.#deletions.set(one, status);
    if (status !== "DELETE_IN_PROGRESS") this.#gone.add(id);
  }

  #takeResource(event: ShownEvent): void {
    const id = event.LogicalResourceId;
    const before = this.#resources.get(id) ?? "";
    const isNew =
      event.ResourceStatus.startsWith("CREATE_") &&
      before !== "CREATE_IN_PROGRESS" &&
      this.#gone.delete(id);
    this.#resources.set(id, this.#follow(resourceOrder, isNew ? "" : before, event));
  }

  #follow(order: Order, before: string, event: ShownEvent): string {
    const status = event.ResourceStatus;
    if (order[before]?.includes(status) !== true)
      this.#problem = `${event.LogicalResourceId} (${event.PhysicalResourceId}): ${status} after ${before || "nothing"}`;
    return status;
  }
}

function lines(events: readonly ShownEvent[]): string {
  return events
    .map(
      ({ LogicalResourceId, ResourceStatus, PhysicalResourceId, ResourceStatusReason = "" }) =>
        `${LogicalResourceId} ${ResourceStatus} ${PhysicalResourceId} ${ResourceStatusReason}`,
    )
    .join("\n");
}
