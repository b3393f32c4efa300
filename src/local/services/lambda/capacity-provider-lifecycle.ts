import type { TargetContext } from "../../service.ts";
import { type InstanceDocument, terminateManagedInstance } from "../ec2/managed-instances.ts";
import { openEc2Store } from "../ec2/store.ts";
import { BackgroundWork } from "./background-work.ts";
import type { CapacityProviderDocument } from "./documents.ts";
import type { Placement } from "./placement.ts";
import type { ProviderLog } from "./provider-log.ts";
import type { LambdaStore } from "./store.ts";

/**
 * A provider becomes Active within seconds; deleting it takes as long as its instances take to end. What does not end
 * is tried again.
 */
const delays = {
  fast: { activate: 1, delete: 1, again: 100 },
  realistic: { activate: 5000, delete: 120_000, again: 15_000 },
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
      const left = await this.#endAll(region, document);
      if (this.#work.signal.aborted) return;
      await this.#log.forget(region, document);
      this.#store.providers.delete(region, name);
      if (left.length > 0) this.#linger();
    });
  }

  /** Until no instance runs. @returns those that EC2 is still shutting down, which no longer are the provider's business */
  async #endAll(region: string, document: CapacityProviderDocument): Promise<InstanceDocument[]> {
    for (;;) {
      const left = this.#placement.releaseAll(region, document);
      if (left.every(isShuttingDown) || this.#work.signal.aborted) return left;
      await this.#pause("again");
    }
  }

  /** Instances of providers that are gone end as soon as nothing keeps them from it. */
  #linger(): void {
    this.#work.run(async () => {
      while (!this.#work.signal.aborted && this.#endLingering() > 0) await this.#pause("again");
    });
  }

  /** @returns how many are left */
  #endLingering(): number {
    let left = 0;
    for (const { region, document } of openEc2Store(this.#target).instances.entries()) {
      if (!isShuttingDown(document)) continue;
      const [rule] = this.#target.faults.strike({ at: "termination", region });
      if (rule) left += 1;
      else terminateManagedInstance(this.#target, region, document.InstanceId);
    }
    return left;
  }

  resume(): void {
    for (const { region, id, document } of this.#store.providers.entries()) {
      if (document.provider.State === "Pending") this.activate(region, id);
      else if (document.provider.State === "Deleting") this.delete(region, id);
    }
    this.#linger();
  }

  async close(): Promise<void> {
    this.#work.stop();
    await this.#work.ended();
  }

  #pause(step: keyof (typeof delays)["fast"]): Promise<void> {
    return this.#target.clock.sleep(delays[this.#target.timing][step], this.#work.signal);
  }
}

function isShuttingDown({ State }: InstanceDocument): boolean {
  return State?.Name === "shutting-down";
}
