import type { RunningRequest } from "./request.ts";
import { currentRequest, now } from "./request.ts";
import { shown } from "./shown.ts";
import { tell } from "./tell.ts";

/** Who wrote a piece of state last. */
interface Write {
  readonly request: RunningRequest;
  readonly site: number;
  readonly at: number;
  readonly version: number;
  readonly value: unknown;
  /** All else that was there still is: nothing of it was replaced. */
  readonly adds: boolean;
}

interface Cell {
  readonly name: string;
  readonly variable?: number;
  last?: Write;
  /** What each running request wrote itself, and which version it read. */
  readonly own: Map<number, Write>;
  readonly seen: Map<number, { readonly version: number; readonly site: number; value: unknown }>;
}

/** How often the same two places are told of: the first of them, then those that concern the reader's own write. */
const maxTold = 12;

/**
 * Follows who writes and who reads what outlives a request: variables of modules, and properties and entries of objects
 * that two requests hold.
 */
export class StateWatch {
  readonly #cells = new Map<number, Cell>();
  readonly #objects = new WeakMap<object, Map<unknown, Cell>>();
  readonly #told = new Map<string, number>();
  /** Cells that a running request has to do with, to forget it when it ends. */
  readonly #touched = new Map<number, Set<Cell>>();
  #version = 0;

  readVariable(id: number, name: string, site: number): void {
    const request = currentRequest.getStore();
    if (request) this.#read(this.#variable(id, name), request, site);
  }

  wroteVariable(id: number, name: string, site: number, value: unknown): void {
    const request = currentRequest.getStore();
    if (request) this.#wrote(this.#variable(id, name), request, site, value);
  }

  readProperty(target: unknown, key: unknown, site: number): void {
    const request = currentRequest.getStore();
    if (!request || !isObject(target)) return;
    const cell = this.#objects.get(target)?.get(key);
    if (cell) this.#read(cell, request, site);
  }

  /** `adds` where the whole of a collection is meant, to which this is added, or of which it is taken out. */
  wroteProperty(
    target: unknown,
    key: unknown,
    name: string,
    site: number,
    value: unknown,
    adds = false,
  ): void {
    const request = currentRequest.getStore();
    if (!request || !isObject(target)) return;
    let cells = this.#objects.get(target);
    if (!cells) this.#objects.set(target, (cells = new Map()));
    let cell = cells.get(key);
    if (!cell) cells.set(key, (cell = { name, own: new Map(), seen: new Map() }));
    this.#wrote(cell, request, site, value, adds);
  }

  /** A request has ended: what it had itself written or read matters no longer. */
  ended(request: RunningRequest): void {
    for (const cell of this.#touched.get(request.number) ?? []) {
      cell.own.delete(request.number);
      cell.seen.delete(request.number);
    }
    this.#touched.delete(request.number);
  }

  #variable(id: number, name: string): Cell {
    let cell = this.#cells.get(id);
    if (!cell)
      this.#cells.set(id, (cell = { name, variable: id, own: new Map(), seen: new Map() }));
    return cell;
  }

  #read(cell: Cell, request: RunningRequest, site: number): void {
    const { last } = cell;
    if (!last) return;
    this.#touch(cell, request);
    cell.seen.set(request.number, { version: last.version, site, value: last.value });
    if (last.request === request) return;
    const written = cell.own.get(request.number);
    // What was added is there still, beside what others have added.
    const own = written?.adds === true || last.adds ? undefined : written;
    if (!this.#mayTell(`${cell.name} ${last.site} ${site} ${own === undefined}`)) return;
    tell({
      type: "cross-read",
      name: cell.name,
      variable: cell.variable,
      reader: request.number,
      readSite: site,
      writer: last.request.number,
      writeSite: last.site,
      agoMs: now() - last.at,
      value: shown(last.value),
      own: own && shown(own.value),
      ownSite: own?.site,
    });
  }

  #wrote(cell: Cell, request: RunningRequest, site: number, value: unknown, adds = false): void {
    this.#touch(cell, request);
    this.#lookForLoss(cell, request, site, value);
    const write = { request, site, at: now(), version: (this.#version += 1), value, adds };
    cell.last = write;
    cell.own.set(request.number, write);
    cell.seen.set(request.number, { version: write.version, site, value });
  }

  #lookForLoss(cell: Cell, request: RunningRequest, site: number, value: unknown): void {
    const { last } = cell;
    const seen = cell.seen.get(request.number);
    if (!last || !seen || last.version === seen.version || last.request === request) return;
    if (![value, last.value, seen.value].every((each) => typeof each === "number")) return;
    if (!this.#mayTell(`${cell.name} lost ${seen.site} ${site}`)) return;
    tell({
      type: "lost-update",
      name: cell.name,
      variable: cell.variable,
      loser: request.number,
      writer: last.request.number,
      readSite: seen.site,
      writeSite: site,
      read: seen.value as number,
      lost: last.value as number,
      written: value as number,
    });
  }

  #touch(cell: Cell, { number }: RunningRequest): void {
    let cells = this.#touched.get(number);
    if (!cells) this.#touched.set(number, (cells = new Set()));
    cells.add(cell);
  }

  #mayTell(what: string): boolean {
    const told = this.#told.get(what) ?? 0;
    if (told >= maxTold) return false;
    this.#told.set(what, told + 1);
    return true;
  }
}

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";
