import { AsyncLocalStorage } from "node:async_hooks";
import type { RequestPlace } from "../request-id.ts";

/** A request while its handler runs. */
export interface RunningRequest extends RequestPlace {
  /** How often one of its awaits was held so far: together with seed and number it decides about the next one. */
  gates: number;
  /** Milliseconds of the epoch. */
  startedAt: number;
  /** When its code went on last, in milliseconds of the epoch. */
  ranAt: number;
  /** When each held await came to the gate and left it, and at which site. */
  readonly held: { readonly site: number; readonly from: number; to: number }[];
  /** Random numbers of its own, so that they do not depend on who else draws. */
  readonly random: () => number;
}

/** Which request the running code belongs to; nothing during initialisation. */
export const currentRequest = new AsyncLocalStorage<RunningRequest>();

/** Milliseconds of the epoch, with fractions. */
export const now = () => performance.timeOrigin + performance.now();
