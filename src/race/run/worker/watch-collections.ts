import type { Holdings } from "./records.ts";
import { currentRequest } from "./request.ts";

interface Known {
  readonly name: string;
  readonly site: number;
  readonly ref: WeakRef<object>;
  /** The request that put something in first; another one makes it shared. */
  readonly first: number;
}

/** Collections that more than one request put something into: their size after each wave tells of leaks. */
export class CollectionWatch {
  readonly #known = new WeakMap<object, Known>();
  readonly #shared = new Map<Known, true>();

  grew(target: object, name: string, site: number): void {
    const request = currentRequest.getStore();
    if (!request) return;
    const known = this.#known.get(target);
    if (!known)
      this.#known.set(target, { name, site, ref: new WeakRef(target), first: request.number });
    else if (known.first !== request.number) this.#shared.set(known, true);
  }

  sizes(): Holdings["collections"] {
    return [...this.#shared.keys()].map(({ name, site, ref }) => ({
      name,
      site,
      size: sizeOf(ref.deref()),
    }));
  }
}

function sizeOf(target: object | undefined): number {
  if (target === undefined) return 0;
  if (target instanceof Map || target instanceof Set) return target.size;
  return Array.isArray(target) ? target.length : Object.keys(target).length;
}
