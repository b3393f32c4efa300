import { createHash, randomUUID } from "node:crypto";
import { own } from "../own.ts";
import type { TargetContext } from "../service.ts";
import type { Collection } from "../state.ts";
import type { ChangeSetRecord } from "./change-set-record.ts";
import type { StackDrift } from "./drift/drift-record.ts";
import type { Deployment, EventRecord, ResourceRecord, StackRecord } from "./stack-record.ts";

interface ResourcesDocument {
  readonly resources: Readonly<Record<string, ResourceRecord>>;
}
interface EventsDocument {
  /** Oldest first. */
  readonly events: readonly EventRecord[];
}
interface TemplateDocument {
  readonly body: string;
}

/** Stacks are found by name while they live and by id until this long after their deletion (API reference, DescribeStacks). */
const deletedStackDays = 90;

/** All that the local CloudFormation remembers. Every change is stored before the method returns. */
export class StackStore {
  readonly #context: TargetContext;
  readonly #stacks: Collection<StackRecord>;
  readonly #resources: Collection<ResourcesDocument>;
  readonly #events: Collection<EventsDocument>;
  readonly #templates: Collection<TemplateDocument>;
  readonly changeSets: Collection<ChangeSetRecord>;
  /** By stack id. */
  readonly drifts: Collection<StackDrift>;

  constructor(context: TargetContext) {
    this.#context = context;
    this.#stacks = context.state.collection("cloudformation.stacks");
    this.#resources = context.state.collection("cloudformation.resources");
    this.#events = context.state.collection("cloudformation.events");
    this.#templates = context.state.collection("cloudformation.templates");
    this.changeSets = context.state.collection("cloudformation.change-sets");
    this.drifts = context.state.collection("cloudformation.drifts");
  }

  transaction<Result>(work: () => Result): Result {
    return this.#context.state.transaction(work);
  }

  stacks(region: string): StackRecord[] {
    return this.#stacks.list(region);
  }

  allStacks(): { readonly region: string; readonly stack: StackRecord }[] {
    return this.#stacks.entries().map(({ region, document }) => ({ region, stack: document }));
  }

  stack(region: string, stackId: string): StackRecord | undefined {
    return this.#stacks.get(region, stackId);
  }

  /** By id in any state, by name only while the stack lives. */
  findStack(region: string, nameOrId: string): StackRecord | undefined {
    if (nameOrId.startsWith("arn:")) return this.stack(region, nameOrId);
    return this.stacks(region).find(
      (stack) => stack.stackName === nameOrId && stack.status !== "DELETE_COMPLETE",
    );
  }

  putStack(region: string, stack: StackRecord): void {
    this.#stacks.put(region, stack.stackId, stack);
  }

  /** Reads, changes and writes a stack in one go. */
  changeStack(region: string, stackId: string, change: (stack: StackRecord) => void): StackRecord {
    const stack = this.#stacks.get(region, stackId);
    if (!stack) throw new Error(`Stack ${stackId} vanished`);
    change(stack);
    this.putStack(region, stack);
    return stack;
  }

  resources(region: string, stackId: string): Readonly<Record<string, ResourceRecord>> {
    return this.#resources.get(region, stackId)?.resources ?? {};
  }

  resource(region: string, stackId: string, logicalId: string): ResourceRecord | undefined {
    return own(this.resources(region, stackId), logicalId);
  }

  putResource(region: string, stackId: string, resource: ResourceRecord): void {
    const resources = { ...this.resources(region, stackId), [resource.logicalId]: resource };
    this.#resources.put(region, stackId, { resources });
  }

  removeResource(region: string, stackId: string, logicalId: string): void {
    const { [logicalId]: _gone, ...resources } = this.resources(region, stackId);
    this.#resources.put(region, stackId, { resources });
  }

  /** Stores a template's text and answers its id. */
  putTemplate(region: string, body: string): string {
    const id = createHash("sha256").update(body).digest("hex");
    if (!this.#templates.get(region, id)) this.#templates.put(region, id, { body });
    return id;
  }

  template(region: string, id: string): string {
    const template = this.#templates.get(region, id);
    if (!template) throw new Error(`Template ${id} vanished`);
    return template.body;
  }

  /** Appends an event, unless a restart repeats the step that told it already; times of one stack's events never repeat, so that clients can sort by them. */
  addEvent(region: string, stackId: string, event: NewEvent): void {
    this.transaction(() => {
      const key = `${stackId}#${event.operationId}`;
      const events = this.#events.get(region, key)?.events ?? [];
      if (isRepeated(events, event)) return;
      const stack = this.changeStack(region, stackId, (record) => {
        record.eventCount += 1;
        record.lastEventAt = Math.max(this.#context.clock.now().getTime(), record.lastEventAt + 1);
      });
      const id = `${event.logicalId}-${event.status}-${randomUUID()}`;
      const at = new Date(stack.lastEventAt).toISOString();
      this.#events.put(region, key, {
        events: [...events, { ...event, id, at, sequence: stack.eventCount }],
      });
    });
  }

  /** Newest first. */
  events(region: string, stack: StackRecord, operationId?: string): EventRecord[] {
    return stack.operations
      .filter(({ id }) => operationId === undefined || id === operationId)
      .flatMap(
        ({ id }) => this.#events.get(region, `${stack.stackId}#${id}`)?.events.toReversed() ?? [],
      )
      .toSorted((left, right) => right.sequence - left.sequence);
  }

  /** Forgets what AWS would have forgotten too. */
  forgetOldStacks(): void {
    const oldest = this.#context.clock.now().getTime() - deletedStackDays * 24 * 60 * 60 * 1000;
    for (const { region, stack } of this.allStacks()) {
      if (stack.deletedAt === undefined || Date.parse(stack.deletedAt) > oldest) continue;
      this.transaction(() => {
        for (const { id } of stack.operations)
          this.#events.delete(region, `${stack.stackId}#${id}`);
        this.#resources.delete(region, stack.stackId);
        this.drifts.delete(region, stack.stackId);
        this.#stacks.delete(region, stack.stackId);
      });
    }
    this.#forgetUnusedTemplates();
  }

  #forgetUnusedTemplates(): void {
    const used = new Set<string>();
    for (const { stack } of this.allStacks()) {
      for (const id of templateIds(stack.deployment, stack.operation?.previous)) used.add(id);
    }
    for (const { document } of this.changeSets.entries()) {
      for (const id of templateIds(document.deployment)) used.add(id);
    }
    for (const { region, id } of this.#templates.entries()) {
      if (!used.has(id)) this.#templates.delete(region, id);
    }
  }
}

function templateIds(...deployments: readonly (Deployment | undefined)[]): string[] {
  return deployments.flatMap((deployment) =>
    deployment === undefined
      ? []
      : [deployment.templateId, deployment.processed?.templateId ?? deployment.templateId],
  );
}

type NewEvent = Omit<EventRecord, "id" | "at" | "sequence">;

/** Whether the last thing that was said about a resource in its operation is the same. */
function isRepeated(events: readonly EventRecord[], event: NewEvent): boolean {
  const last = events.findLast(
    ({ logicalId, physicalId }) => logicalId === event.logicalId && physicalId === event.physicalId,
  );
  return last !== undefined && last.status === event.status && last.reason === event.reason;
}
