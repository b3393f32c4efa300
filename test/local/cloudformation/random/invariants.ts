import { expect } from "vitest";
import { checkEventOrder } from "./event-order.ts";
import { eventsShown, resourcesShown, stackShown } from "./shown.ts";
import type { ShownChange } from "./shown.ts";
import type { TargetUnderTest } from "./target-under-test.ts";

const stable =
  /^(CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE|ROLLBACK_COMPLETE|DELETE_COMPLETE)$/;
export const isStable = (status: string) => stable.test(status);

/** What holds whenever a stack is not being worked on. */
export async function checkStack(target: TargetUnderTest, stackId: string): Promise<void> {
  const stack = await stackShown(target, stackId);
  const resources = await resourcesShown(target, stackId);
  const events = await eventsShown(target, stackId);
  checkEventOrder(events);
  expect(target.logged, "nothing unexpected is logged").toEqual([]);
  expect(stack.StackStatus).not.toMatch(/_IN_PROGRESS$/);
  for (const { LogicalResourceId, ResourceStatus } of resources) {
    expect(`${LogicalResourceId} ${ResourceStatus}`).not.toMatch(/_IN_PROGRESS$/);
  }
  const ids = resources.flatMap(({ ResourceType, PhysicalResourceId: id }) =>
    id === undefined ? [] : `${ResourceType} ${id}`,
  );
  expect(ids.length, "physical ids are unique").toBe(new Set(ids).size);
}

/** What the change set had said is what happened, and nothing else did. */
export function checkListed(
  changes: readonly ShownChange[],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  look: {
    readonly isLeft: (id: string, logicalId: string) => boolean;
    readonly isSame: (id: string) => void;
  },
): void {
  const listed = new Map(changes.map((change) => [change.LogicalResourceId, change]));
  expect(listed.size, "each resource is listed once").toBe(changes.length);
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(id), after.get(id)];
    const change = listed.get(id);
    const what = `${id}: ${old} → ${now}, listed as ${JSON.stringify(change)}`;
    if (old === undefined) expect(change?.Action, what).toBe("Add");
    else if (now === undefined) {
      expect(change?.Action, what).toBe("Remove");
      expect(change?.PolicyAction, what).toBe(look.isLeft(old, id) ? "Retain" : "Delete");
    } else if (change === undefined) {
      expect(now, what).toBe(old);
      look.isSame(now);
    } else checkModified(change, old, now, look.isLeft(old, id), what);
  }
}

function checkModified(
  change: ShownChange,
  old: string,
  now: string,
  isLeft: boolean,
  what: string,
): void {
  expect(change.Action, what).toBe("Modify");
  // The name of a stream or alias may be the same in another group or function.
  const isName =
    !change.ResourceType.startsWith("Test::") && /Stream|Alias|Policy/.test(change.ResourceType);
  if (change.Replacement === "True" && !isName) expect(now, what).not.toBe(old);
  if (change.Replacement === "False") expect(now, what).toBe(old);
  if (now === old || change.Replacement !== "True") return;
  expect(change.PolicyAction, what).toBe(isLeft ? "ReplaceAndRetain" : "ReplaceAndDelete");
}
