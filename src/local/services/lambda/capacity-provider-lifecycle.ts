import type { TargetContext } from "../../service.ts";
import { BackgroundWork } from "./background-work.ts";
import type { Placement } from "./placement.ts";
import type { ProviderLog } from "./provider-log.ts";
import type { LambdaStore } from "./store.ts";

/** A provider becomes Active within seconds; deleting it takes as long as its instances take to end. */
const delays = {
  fast: { activate: 1, delete: 1 },
  realistic: { activate: 5000, delete: 120_000 },
} as const;

/** Pending → Active, and Deleting → gone with all instances. */
export class CapacityProviderLifecycle {
  readonly #target: TargetContext;
  readonly #store: LambdaStore;
  readonly #placement: Placement;
  readonly #log: ProviderLog;
  readonly #work: BackgroundWork;

  constructor(
    target: TargetContext,
    parts: {
      readonly store: LambdaStore;
      readonly placement: Placement;
      readonly log: ProviderLog;
    },
  ) {
    this.#target = target;
    this.#store = parts.store;
    this.#placement = parts.placement;
    this.#log = parts.log;
    this.#work = new BackgroundWork((failure) =>
      target.log(`A capacity provider failed in the background: ${failure}`),
    );
  }

  activate(region: string, name: string): void {
    this.#work.run(async () => {
      await this.#pause("activate");
      const document = this.#store.providers.get(region, name);
      if (document?.provider.State !== "Pending" || this.#work.signal.aborted) return;
      const [rule] = this.#target.faults.strike({ at: "provider", region });
      const State = rule === undefined ? ("Active" as const) : ("Failed" as const);
      const provider = { ...document.provider, State };
      this.#store.providers.put(region, name, { ...document, provider });
    });
  }

  delete(region: string, name: string): void {
    this.#work.run(async () => {
      await this.#pause("delete");
      const document = this.#store.providers.get(region, name);
      if (!document || this.#work.signal.aborted) return;
      this.#placement.releaseAll(region, document);
      await this.#log.forget(region, document);
      this.#store.providers.delete(region, name);
    });
  }

  resume(): void {
    for (const { region, id, document } of this.#store.providers.entries()) {
      if (document.provider.State === "Pending") this.activate(region, id);
      else if (document.provider.State === "Deleting") this.delete(region, id);
    }
  }

  async close(): Promise<void> {
    this.#work.stop();
    await this.#work.ended();
  }

  #pause(step: "activate" | "delete"): Promise<void> {
    return this.#target.clock.sleep(delays[this.#target.timing][step], this.#work.signal);
  }
}
