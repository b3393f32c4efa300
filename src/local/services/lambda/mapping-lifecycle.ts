import type { TargetContext } from "../../service.ts";
import { BackgroundWork } from "./background-work.ts";
import type { Routes } from "./invoke-route.ts";
import type { LambdaContext } from "./lambda-context.ts";
import { isOwnQueue } from "./mapped-queue.ts";
import type { MappingDocument, MappingState } from "./mapping-document.ts";
import { QueuePoller } from "./queue-poller.ts";

/** How long a mapping takes to change: on AWS some ten seconds (as seen by waiters of its users). */
const delays = { fast: 1, realistic: 10_000 } as const;

/** What a mapping comes to from each state that does not last. */
function nextState({ state, enabled }: MappingDocument): MappingState | "gone" {
  if (state === "Deleting") return "gone";
  return enabled ? "Enabled" : "Disabled";
}

/** Creating, Updating … → Enabled, Disabled or gone; and a poller for each queue of an enabled mapping. */
export class MappingLifecycle {
  readonly #target: TargetContext;
  readonly #lambda: LambdaContext;
  readonly #routes: Routes;
  readonly #work: BackgroundWork;
  readonly #pollers = new Map<string, AbortController>();

  constructor(lambda: LambdaContext, routes: Routes) {
    this.#target = lambda.target;
    this.#lambda = lambda;
    this.#routes = routes;
    this.#work = new BackgroundWork((failure) =>
      lambda.target.log(`An event source mapping failed in the background: ${failure}`),
    );
  }

  /** Lets a mapping come to rest, and poll as it then says. */
  settle(region: string, uuid: string): void {
    this.#stop(region, uuid);
    this.#work.run(async () => {
      await this.#target.clock.sleep(delays[this.#target.timing], this.#work.signal);
      const { mappings } = this.#lambda.store;
      const document = mappings.get(region, uuid);
      if (!document || this.#work.signal.aborted) return;
      const state = nextState(document);
      if (state === "gone") {
        mappings.delete(region, uuid);
        return;
      }
      mappings.put(region, uuid, { ...document, state });
      if (state === "Enabled") this.#poll(region, document);
    });
  }

  resume(): void {
    for (const { region, id, document } of this.#lambda.store.mappings.entries()) {
      if (document.state === "Enabled") this.#poll(region, document);
      else if (document.state !== "Disabled") this.settle(region, id);
    }
  }

  /** Receives no more. */
  stop(): void {
    this.#work.stop();
    for (const poller of this.#pollers.values()) poller.abort();
  }

  /** Once nothing runs any more; messages that were not done with come back. */
  async close(): Promise<void> {
    this.stop();
    await this.#work.ended();
  }

  #poll(region: string, { uuid, kind, settings }: MappingDocument): void {
    const { accountId } = this.#target;
    const arn = settings.EventSourceArn ?? "";
    if (kind !== "sqs" || !isOwnQueue(arn, { region, accountId })) {
      this.#target.log(`Nothing polls ${arn || "a Kafka cluster"}: it is not on the local target.`);
      return;
    }
    const stopping = new AbortController();
    this.#pollers.set(`${region}/${uuid}`, stopping);
    const poller = new QueuePoller(this.#lambda, this.#routes, { region, uuid, arn });
    this.#work.run(() => poller.run(stopping.signal));
  }

  #stop(region: string, uuid: string): void {
    this.#pollers.get(`${region}/${uuid}`)?.abort();
    this.#pollers.delete(`${region}/${uuid}`);
  }
}
