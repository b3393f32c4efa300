import { expect, test } from "vitest";
import { createMemoryState } from "../../helpers/memory-state.ts";
import type { ChangeSetRecord } from "../../../src/local/cloudformation/change-set-record.ts";
import type { StackRecord } from "../../../src/local/cloudformation/stack-record.ts";
import type { Collection, State } from "../../../src/local/state.ts";
import { create, createHarness, describe, template, update } from "./harness.ts";
import type { Harness } from "./harness.ts";

/** Calls `committed` each time that something is stored: what a restart at this moment would find. */
function watched(committed: (state: State) => void): State {
  const state = createMemoryState();
  let depth = 0;
  const step = <Result>(work: () => Result): Result => {
    depth += 1;
    try {
      return work();
    } finally {
      depth -= 1;
      if (depth === 0) committed(state);
    }
  };
  const collection = <Document extends object>(name: string): Collection<Document> => {
    const inner = state.collection<Document>(name);
    return {
      ...inner,
      put: (region, id, document) => step(() => inner.put(region, id, document)),
      delete: (region, id) => step(() => inner.delete(region, id)),
    };
  };
  return { ...state, collection, transaction: (work) => step(() => state.transaction(work)) };
}

/** States of which no restart would make anything, each with what is wrong. */
function brokenStates(state: State): string[] {
  const stacks = state.collection<StackRecord>("cloudformation.stacks").entries();
  const changeSets = state.collection<ChangeSetRecord>("cloudformation.change-sets").entries();
  return stacks.flatMap(({ document: { stackId, stackName, status, operation } }) => {
    const isWorking = status.endsWith("_IN_PROGRESS") && status !== "REVIEW_IN_PROGRESS";
    const hasNone = !changeSets.some(({ document }) => document.stackId === stackId);
    return [
      ...(isWorking && operation?.state !== "running" ? [`${stackName} hangs in ${status}`] : []),
      ...(status === "REVIEW_IN_PROGRESS" && hasNone ? [`${stackName} has no change set`] : []),
    ];
  });
}

const exporter = template(
  { A: {} },
  { Outputs: { O: { Value: "v", Export: { Name: "shared" } } } },
);
const user = template({ U: { Properties: { Value: { "Fn::ImportValue": "shared" } } } });
const failing = template({ A: { Properties: { Fail: true } }, B: {} });

const scenarios: Record<string, (harness: Harness) => Promise<unknown>> = {
  "a deletion that is refused because an export is in use": async (harness) => {
    await create(harness, exporter);
    await create(harness, user, { StackName: "user" });
    await harness.call("DeleteStack", { StackName: "s" });
    expect(await describe(harness)).toMatchObject({
      StackStatus: "CREATE_COMPLETE",
      StackStatusReason: "Export shared cannot be deleted as it is in use by user",
    });
  },
  "the deletion of a stack in review": async (harness) => {
    const set = { StackName: "s", ChangeSetName: "c", ChangeSetType: "CREATE" };
    await harness.call("CreateChangeSet", { ...set, TemplateBody: exporter });
    await harness.call("DeleteStack", { StackName: "s" });
  },
  "the execution of a change set": async (harness) => {
    const set = { StackName: "s", ChangeSetName: "c", ChangeSetType: "CREATE" };
    await harness.call("CreateChangeSet", { ...set, TemplateBody: exporter });
    await harness.call("ExecuteChangeSet", { StackName: "s", ChangeSetName: "c" });
  },
  "a failed update, its rollback, and the deletion": async (harness) => {
    await create(harness, template({ A: {} }));
    await update(harness, failing, { DisableRollback: true });
    await harness.call("RollbackStack", { StackName: "s" });
    await harness.service.idle();
    await harness.call("DeleteStack", { StackName: "s" });
  },
  "a rollback that fails and is continued": async (harness) => {
    await create(harness, template({ A: { Properties: { Fail: "update" } } }));
    await update(
      harness,
      template({
        A: { Properties: { Value: 1 } },
        B: { DependsOn: "A", Properties: { Fail: true } },
      }),
    );
    expect((await describe(harness)).StackStatus).toBe("UPDATE_ROLLBACK_FAILED");
    await harness.call("ContinueUpdateRollback", { StackName: "s", ResourcesToSkip: ["A"] });
  },
  "an update that is cancelled": async (harness) => {
    await create(harness, template({ A: {} }));
    const { promise, resolve: release } = Promise.withResolvers<void>();
    harness.gates.set("create B", promise);
    await harness.call("UpdateStack", { StackName: "s", TemplateBody: template({ A: {}, B: {} }) });
    await harness.call("CancelUpdateStack", { StackName: "s" });
    release();
  },
};

test.each(Object.keys(scenarios))(
  "no moment of %s is one that a restart cannot go on from",
  async (name) => {
    const broken: string[] = [];
    const harness = createHarness({
      state: watched((state) => broken.push(...brokenStates(state))),
    });
    await scenarios[name]?.(harness);
    await harness.service.idle();
    expect(broken).toEqual([]);
  },
);
