import { expect } from "vitest";
import type { Values } from "./expressions.ts";
import type { Fault } from "./faults.ts";
import { checkStack, isStable } from "./invariants.ts";
import { changesShown, eventsShown, resourcesShown, stackShown } from "./shown.ts";
import type { ShownChange } from "./shown.ts";
import type { TargetUnderTest } from "./target-under-test.ts";

export interface Deployed<Template> {
  readonly template: Template;
  readonly values: Values;
  readonly tag: string | undefined;
}

export interface Step<Template> extends Deployed<Template> {
  readonly via: "stack" | "change set";
  readonly disableRollback: boolean;
  /** What to do with a stack that a failure without rollback has left. */
  readonly afterFailure: "go on" | "roll back";
  readonly skipWhatResists: boolean;
  readonly faults: ReadonlyMap<number, Fault>;
  readonly seed: number;
}

export interface Scenario<Template> {
  readonly steps: readonly Step<Template>[];
  readonly deletion: ReadonlyMap<number, Fault>;
}

/** What stands behind CloudFormation in a scenario, and how it is looked at. */
export interface Subject<Template, Snapshot> {
  readonly target: TargetUnderTest;
  /** Reasons for failures that nobody had asked for. */
  readonly excuse: RegExp;
  /** What handlers' calls meet from now on. */
  expect(faults: ReadonlyMap<number, Fault>, seed: number): void;
  /** Template, parameters and tags as requests have them. */
  input(deployed: Deployed<Template>): object;
  /** Everything that an update must be able to go back to. */
  snapshot(): Promise<Snapshot>;
  /** All that is in a snapshot, for comparison. */
  lines(snapshot: Snapshot): string[];
  /** Holds at the end of every operation. */
  checkOwnership(stackId: string): Promise<void>;
  checkDeployed(deployed: Deployed<Template>): Promise<void>;
  checkChanges(stackId: string, before: Snapshot, changes: readonly ShownChange[]): Promise<void>;
}

/** Deploys one template after the other and deletes the stack; checks after each what must hold. */
export async function play<Template, Snapshot>(
  subject: Subject<Template, Snapshot>,
  { steps, deletion }: Scenario<Template>,
): Promise<void> {
  const player = new Player(subject);
  for (const one of steps) await player.deploy(one);
  await player.delete(deletion);
}

/** What a change set had said, if there was one, where work has begun. */
type Begun = "no changes" | "refused" | readonly ShownChange[] | undefined;

class Player<Template, Snapshot> {
  readonly #subject: Subject<Template, Snapshot>;
  readonly #target: TargetUnderTest;
  #stackId: string | undefined;
  /** What a failed update goes back to. */
  #before: Snapshot | undefined;
  #deployed: Deployed<Template> | undefined;

  constructor(subject: Subject<Template, Snapshot>) {
    this.#subject = subject;
    this.#target = subject.target;
  }

  async deploy(step: Step<Template>): Promise<void> {
    if (this.#stackId !== undefined) await this.#makeUpdatable();
    const target = this.#target;
    this.#subject.expect(step.faults, step.seed);
    const isNew = this.#stackId === undefined;
    const wasStable = isNew || isStable((await stackShown(target, this.#stackId)).StackStatus);
    const begun =
      step.via === "stack" ? await this.#direct(step, isNew) : await this.#planned(step, isNew);
    if (begun === "no changes") return await this.#checkNothingToDo(step);
    if (begun === "refused") {
      if (this.#before) this.#checkUnchanged(await this.#subject.snapshot());
      return undefined;
    }
    await target.settle();
    const { StackId, StackStatus } = await stackShown(target);
    this.#stackId = StackId;
    await this.#always(StackId);
    // What a failure without rollback has left is not what the last snapshot has.
    await this.#checkOutcome(step, StackStatus, wasStable ? begun : undefined);
    await this.#afterFailure(step);
  }

  /** From a stack that stopped where it failed there is no other way on. */
  async #disableRollback(step: Step<Template>): Promise<boolean> {
    if (step.disableRollback || this.#stackId === undefined) return step.disableRollback;
    const { StackStatus } = await stackShown(this.#target, this.#stackId);
    return /^(CREATE|UPDATE)_FAILED$/.test(StackStatus);
  }

  /** What a stack needs before it takes an update: away with what only can be deleted, an end of what is open. */
  async #makeUpdatable(): Promise<void> {
    const { StackStatus } = await stackShown(this.#target, this.#stackId);
    if (/^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED)$/.test(StackStatus)) {
      await this.delete(new Map());
    }
  }

  #input(deployed: Deployed<Template>): object {
    return { StackName: "s", ...this.#subject.input(deployed) };
  }

  async #direct(step: Step<Template>, isNew: boolean): Promise<Begun> {
    const refusal = await this.#target.attempt(isNew ? "CreateStack" : "UpdateStack", {
      ...this.#input(step),
      DisableRollback: await this.#disableRollback(step),
    });
    if (refusal === "No updates are to be performed.") return "no changes";
    expect(refusal).toBeUndefined();
    return undefined;
  }

  async #planned(step: Step<Template>, isNew: boolean): Promise<Begun> {
    const target = this.#target;
    const { Id } = await target.call<{ Id: string }>("CreateChangeSet", {
      ...this.#input(step),
      ChangeSetName: "c",
      ChangeSetType: isNew ? "CREATE" : "UPDATE",
    });
    const { Status, StatusReason, Changes } = await changesShown(target, Id);
    if (Status === "FAILED") {
      await target.call("DeleteChangeSet", { ChangeSetName: Id });
      if (StatusReason.includes("didn't contain changes")) return "no changes";
      // A name that something left behind has taken.
      expect(StatusReason).toContain("ResourceExistenceCheck");
      if (isNew) await target.call("DeleteStack", { StackName: "s" });
      return "refused";
    }
    await target.call("ExecuteChangeSet", {
      ChangeSetName: Id,
      DisableRollback: await this.#disableRollback(step),
    });
    return Changes;
  }

  /** A refusal for want of changes is right only where the stack is what the template says. */
  async #checkNothingToDo(step: Step<Template>): Promise<void> {
    await this.#subject.checkDeployed(step);
    if (this.#before) this.#checkUnchanged(await this.#subject.snapshot());
  }

  async #checkOutcome(
    step: Step<Template>,
    status: string,
    changes: readonly ShownChange[] | undefined,
  ): Promise<void> {
    const target = this.#target;
    if (status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE") {
      await this.#subject.checkDeployed(step);
      if (changes && this.#before)
        await this.#subject.checkChanges(this.#stackId ?? "", this.#before, changes);
      this.#before = await this.#subject.snapshot();
      this.#deployed = step;
      expect(await target.attempt("UpdateStack", this.#input(step))).toBe(
        "No updates are to be performed.",
      );
      return;
    }
    await this.#checkExcuse(step);
    if (status === "UPDATE_ROLLBACK_COMPLETE") await this.#checkRestored();
  }

  /** Something fails only if it was to, or if CloudFormation cannot do it. */
  async #checkExcuse(step: Step<Template>): Promise<void> {
    if (step.faults.size > 0) return;
    const reasons = await this.#reasons();
    expect(
      reasons.some((reason) => this.#subject.excuse.test(reason)) || this.#before === undefined,
      reasons.join("\n"),
    ).toBe(true);
  }

  async #reasons(): Promise<string[]> {
    const events = await eventsShown(this.#target, this.#stackId ?? "");
    return events.flatMap(({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
      ResourceStatus.endsWith("_FAILED")
        ? [`${LogicalResourceId} ${ResourceStatus}: ${ResourceStatusReason}`]
        : [],
    );
  }

  async #checkRestored(): Promise<void> {
    this.#checkUnchanged(await this.#subject.snapshot());
    if (this.#deployed) {
      await this.#subject.checkDeployed(this.#deployed);
      const again = this.#input(this.#deployed);
      expect(await this.#target.attempt("UpdateStack", again)).toBe(
        "No updates are to be performed.",
      );
    }
  }

  #checkUnchanged(now: Snapshot): void {
    if (this.#before === undefined) return expect.fail("there is nothing to go back to");
    const [old, given] = [this.#subject.lines(this.#before), this.#subject.lines(now)];
    const gone = old.filter((line) => !given.includes(line)).map((line) => `- ${line}`);
    const added = given.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
    const differences = [...gone, ...added];
    if (differences.length > 0) expect.fail(`not as before:\n${differences.join("\n")}`);
  }

  async #afterFailure(step: Step<Template>): Promise<void> {
    const { StackStatus } = await stackShown(this.#target, this.#stackId);
    if (StackStatus === "UPDATE_ROLLBACK_FAILED") return await this.#continueRollback(step);
    if (!/^(CREATE|UPDATE)_FAILED$/.test(StackStatus) || step.afterFailure === "go on") return;
    await this.#target.call("RollbackStack", { StackName: "s" });
    await this.#settled();
    const after = (await stackShown(this.#target, this.#stackId)).StackStatus;
    if (after === "UPDATE_ROLLBACK_FAILED") return await this.#continueRollback(step);
    if (after === "UPDATE_ROLLBACK_COMPLETE") await this.#checkRestored();
  }

  async #continueRollback({ skipWhatResists }: Step<Template>): Promise<void> {
    const target = this.#target;
    for (let round = 0; round < 20; round += 1) {
      const ResourcesToSkip = skipWhatResists && round > 0 ? await this.#failedResources() : [];
      await target.call("ContinueUpdateRollback", { StackName: "s", ResourcesToSkip });
      await this.#settled();
      const { StackStatus } = await stackShown(target, this.#stackId);
      if (StackStatus === "UPDATE_ROLLBACK_FAILED") continue;
      expect(StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
      if (ResourcesToSkip.length === 0) await this.#checkRestored();
      else this.#before = await this.#subject.snapshot();
      if (ResourcesToSkip.length > 0) this.#deployed = undefined;
      return;
    }
    expect.fail("the rollback comes to no end");
  }

  async #failedResources(): Promise<string[]> {
    const { StackResources } = await this.#target.call<{
      StackResources: { LogicalResourceId: string; ResourceStatus: string }[];
    }>("DescribeStackResources", { StackName: "s" });
    return StackResources.filter(({ ResourceStatus }) => ResourceStatus === "UPDATE_FAILED").map(
      ({ LogicalResourceId }) => LogicalResourceId,
    );
  }

  async #always(stackId: string): Promise<void> {
    await checkStack(this.#target, stackId);
    await this.#subject.checkOwnership(stackId);
  }

  async #settled(): Promise<void> {
    await this.#target.settle();
    await this.#always(this.#stackId ?? "");
  }

  /** What a clean-up could not delete is no longer in the stack, and may hold on to what it needs: then both stay. */
  async #heldByWhatWasLetGo(): Promise<string[]> {
    const stackId = this.#stackId ?? "";
    const resources = await resourcesShown(this.#target, stackId);
    const ids = new Set(resources.map(({ PhysicalResourceId }) => PhysicalResourceId));
    const wasLetGo = (await eventsShown(this.#target, stackId)).some(
      ({ ResourceStatus, PhysicalResourceId }) =>
        ResourceStatus === "DELETE_FAILED" &&
        PhysicalResourceId !== stackId &&
        !ids.has(PhysicalResourceId),
    );
    return resources.flatMap(({ LogicalResourceId, ResourceStatus }) =>
      wasLetGo && ResourceStatus === "DELETE_FAILED" ? [LogicalResourceId] : [],
    );
  }

  async delete(faults: ReadonlyMap<number, Fault>): Promise<void> {
    if (this.#stackId === undefined) return;
    this.#subject.expect(faults, 1);
    for (let round = 0; round <= faults.size + 2; round += 1) {
      const RetainResources = round < faults.size + 2 ? [] : await this.#heldByWhatWasLetGo();
      await this.#target.call("DeleteStack", { StackName: this.#stackId, RetainResources });
      await this.#settled();
      const { StackStatus } = await stackShown(this.#target, this.#stackId);
      if (StackStatus !== "DELETE_COMPLETE") continue;
      this.#stackId = undefined;
      this.#before = undefined;
      this.#deployed = undefined;
      return;
    }
    expect.fail(`the stack cannot be deleted:\n${(await this.#reasons()).join("\n")}`);
  }
}
