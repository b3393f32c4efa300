import { noFaults } from "../../../../src/local/faults/fault.ts";
import { createMemoryState } from "../../../helpers/memory-state.ts";
import type { MemoryState } from "../../../helpers/memory-state.ts";
import { systemClock } from "../../../../src/local/clock.ts";
import { createCloudFormationService } from "../../../../src/local/services/cloudformation/service.ts";
import type { CloudFormationService } from "../../../../src/local/services/cloudformation/service.ts";
import type { ResourceDataSource } from "../../../../src/local/cloudformation/resource-data.ts";
import type { ResourceType } from "../../../../src/local/cloudformation/resource-type.ts";
import type { EventRecord } from "../../../../src/local/cloudformation/stack-record.ts";
import { ServiceError } from "../../../../src/local/service-error.ts";
import type { CallContext, TargetContext } from "../../../../src/local/service.ts";
import type { State } from "../../../../src/local/state.ts";
import type { Life } from "./faults.ts";
import { blobsInMemory } from "../../../helpers/blobs-in-memory.ts";

/** What CloudFormation works on, for each run of the target anew. */
export interface Surroundings {
  readonly data: ResourceDataSource;
  types(life: Life): ReadonlyMap<string, ResourceType>;
  /** The other services of one run. */
  services(context: TargetContext): TargetContext["call"];
}

/** CloudFormation that survives being stopped and killed in the middle of its work. */
export class TargetUnderTest {
  readonly logged: string[] = [];
  readonly memory: MemoryState;
  readonly #random = numbers();
  readonly #blobs = blobsInMemory();
  readonly #surroundings: Surroundings;
  #service!: CloudFormationService;
  /** Resolves when this run of the target has come to its end before its work had. */
  #ended!: PromiseWithResolvers<"ended">;
  #isOver = false;

  constructor(surroundings: Surroundings, memory = createMemoryState()) {
    this.#surroundings = surroundings;
    this.memory = memory;
    this.#start();
  }

  #start(): void {
    let dead = false;
    const ended = Promise.withResolvers<"ended">();
    const context = this.#context(
      () => dead,
      (...call) => answering(...call),
    );
    const answering = this.#surroundings.services(context);
    const service = createCloudFormationService(context, {
      resourceTypes: this.#surroundings.types({
        isDead: () => dead,
        isLetGo: (id) => isLetGo(this.memory, id),
        meet: {
          cancel: () => void this.attempt("CancelUpdateStack", { StackName: "s" }),
          stop: () => {
            this.#isOver = true;
            void service.close?.().then(() => ended.resolve("ended"));
          },
          kill: () => {
            this.#isOver = true;
            dead = true;
            ended.resolve("ended");
          },
        },
      }),
      data: this.#surroundings.data,
    });
    this.#service = service;
    this.#ended = ended;
    this.#isOver = false;
  }

  #context(isDead: () => boolean, call: TargetContext["call"]): TargetContext {
    return {
      accountId: "000000000000",
      clock: systemClock,
      state: mortal(this.memory, isDead),
      blobs: this.#blobs,
      random: this.#random,
      timing: "fast",
      endpoint: () => "http://127.0.0.1:1",
      log: (message) => this.logged.push(message),
      call,
      faults: noFaults,
    };
  }

  async call<Output>(operation: string, input: object = {}): Promise<Output> {
    const handler = this.#service.operations[operation];
    if (!handler) throw new Error(`no operation ${operation}`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the dispatcher of the server does
    return (await handler(input as never, caller())) as Output;
  }

  /** The refusal's text, or undefined when the call went well. */
  async attempt(operation: string, input: object): Promise<string | undefined> {
    try {
      await this.call(operation, input);
      return undefined;
    } catch (error) {
      if (error instanceof ServiceError) return error.message;
      throw error;
    }
  }

  /** Until nothing is being worked on; a target that has ended is started again and takes its work up. */
  async settle(): Promise<void> {
    for (;;) {
      await Promise.race([this.#service.idle(), this.#ended.promise]);
      if (!this.#isOver) return;
      await this.#ended.promise;
      this.#start();
      await this.#service.resume?.();
    }
  }
}

export function caller(): CallContext {
  return {
    region: "us-east-1",
    accountId: "000000000000",
    requestId: "request",
    accessKeyId: "lmi-local",
    signal: new AbortController().signal,
  };
}

/** Left by a policy, or forgotten when it resisted its deletion. */
function isLetGo(memory: State, physicalId: string): boolean {
  return memory
    .collection<{ events: readonly EventRecord[] }>("cloudformation.events")
    .entries()
    .some(({ document }) =>
      document.events.some(
        (event) =>
          event.physicalId === physicalId && /^DELETE_(SKIPPED|FAILED)$/.test(event.status),
      ),
    );
}

/** What a dead target writes does not reach the disk. */
function mortal(state: State, isDead: () => boolean): State {
  return {
    ...state,
    collection: <Document extends object>(name: string) => {
      const alive = state.collection<Document>(name);
      return {
        ...alive,
        put: (region: string, id: string, document: Document) => {
          if (!isDead()) alive.put(region, id, document);
        },
        delete: (region: string, id: string) => (isDead() ? false : alive.delete(region, id)),
      };
    },
  };
}

/** Numbers in [0, 1), the same in every run, so that a failure can be shown again. */
function numbers(): () => number {
  let last = 1;
  return () => {
    last = (last * 48_271) % 2_147_483_647;
    return last / 2_147_483_647;
  };
}
