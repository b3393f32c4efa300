import type { AnyNode, Identifier } from "acorn";
import type { Variable } from "eslint-scope";
import type { BundleCode } from "../bundle-code.ts";
import { evaluateExpression } from "./expressions.ts";
import { Flow, type Use, type Write, type WriteForm } from "./flow.ts";
import { enter } from "./calls.ts";
import { locationOf, share } from "./names.ts";
import { assignPattern } from "./patterns.ts";
import type { Pool } from "./pools.ts";
import { lookForTurn } from "./turns.ts";
import { runStatement } from "./statements.ts";
import {
  type ClassNode,
  type FunctionNode,
  type Thing,
  type Value,
  createThing,
  join,
  nothing,
  thingValue,
} from "./value.ts";

/** A call under way. */
export interface Frame {
  readonly node: FunctionNode;
  readonly self: Thing | undefined;
  readonly returns: Value[];
  /** What had happened where it returned. */
  readonly exits: Flow[];
  /** What is kept decided that the rest of the function runs: `if (kept) return kept`. */
  guarded: boolean;
}

/** What is wrong wherever it stands. */
export interface Noted {
  readonly kind: "directory" | "signal" | "environment" | "lost-update" | "pattern";
  readonly node: AnyNode;
  /** While the module loads, not while a request is answered. */
  readonly atStart: boolean;
  readonly label: string;
  readonly pause?: AnyNode;
  /** Turns in which it happens from beginning to end. */
  readonly turns?: readonly string[];
  /** What it is about, where that may be mended elsewhere. */
  readonly key?: string;
}

/** Enough for every project that was tried by a factor of ten; what is beyond is not followed. */
const mostSteps = 400_000;
const deepest = 24;

/**
 * Follows code in the order in which it runs: first as it loads, then each handler as a request comes. Branches are all
 * taken, functions are followed into with what they are called with, code of packages is not.
 */
export class Walk {
  atStart = true;
  flow = new Flow();
  frames: Frame[] = [];
  /** Depth of conditions on what is kept. */
  guards = 0;
  readonly values = new Map<Variable, Value>();
  readonly writes = new Set<Write>();
  readonly uses: Use[] = [];
  readonly noted: Noted[] = [];
  readonly pools: Pool[] = [];
  /** Functions that packages were given while the module loaded: routes, middleware. */
  readonly handedOut = new Set<Thing>();
  /** Calls that somebody waits for right away. */
  readonly awaited = new Set<AnyNode>();
  /** Variables whose promise becomes that of who waits for it: one request after the other has its turn. */
  readonly queues = new Set<string>();
  /** Calls whose promise the next one in such a queue waits for: when it is over, so is the turn. */
  readonly waitedFor = new Set<string>();
  /** Queues in which a call of `resolve` ends a turn, by the key of that. */
  readonly endedBy = new Map<string, string>();
  /** Places and the number of awaits before they were read. */
  readonly readAt = new Set<string>();
  /** Depth of loops. */
  loops = 0;
  /** Places read so far that can change. */
  reads: string[] = [];
  /** Globals and packages, by name. */
  readonly packages = new Map<string, Thing>();
  /** The class that a class extends. */
  readonly parents = new Map<ClassNode, ClassNode>();
  readonly #loaded = new Map<Thing["node"], Value>();
  #self: Thing | undefined;
  #steps = 0;
  readonly #writes = new Map<string, Write>();
  readonly code: BundleCode;

  constructor(code: BundleCode) {
    this.code = code;
  }

  evaluate(node: AnyNode | null | undefined): Value {
    this.#steps += 1;
    if (!node || this.#steps > mostSteps) return nothing;
    return evaluateExpression(this, node);
  }

  run(node: AnyNode | null | undefined): void {
    if (!node || this.flow.ended || this.#steps > mostSteps) return;
    runStatement(this, node);
  }

  /** Both ways, and then whichever it was. */
  branch(one: () => void, other: () => void): void {
    const before = this.flow;
    this.flow = before.copy();
    one();
    const after = this.flow;
    this.flow = before.copy();
    other();
    this.flow = Flow.join(after, this.flow);
  }

  canEnter(node: FunctionNode): boolean {
    return this.frames.length < deepest && !this.frames.some((frame) => frame.node === node);
  }

  get frame(): Frame | undefined {
    return this.frames.at(-1);
  }

  get self(): Thing | undefined {
    return this.#self;
  }

  /** With `this` being that. */
  as<T>(self: Thing | undefined, work: () => T): T {
    const before = this.#self;
    this.#self = self;
    const result = work();
    this.#self = before;
    return result;
  }

  call(thing: Thing, args: readonly Value[], node: AnyNode): Value {
    return enter(this, thing, args, node);
  }

  /** Runs the body of a function to its end; whoever calls decides what becomes of its awaits. */
  inside(thing: Thing, args: readonly Value[]): Value {
    const node = thing.node as FunctionNode;
    const frame: Frame = { node, self: thing.self, returns: [], exits: [], guarded: false };
    this.frames.push(frame);
    this.as(thing.self, () => {
      node.params.forEach((param, index) => {
        const rest =
          param.type === "RestElement" ? join([nothing, ...args.slice(index)]) : undefined;
        assignPattern(this, param, rest ?? args[index] ?? nothing, param, true);
      });
      if (node.body.type === "BlockStatement") this.run(node.body);
      else frame.returns.push(this.evaluate(node.body));
    });
    this.frames.pop();
    for (const exit of frame.exits) {
      exit.ended = false;
      this.flow = Flow.join(exit, this.flow);
    }
    return frame.returns.length === 0 ? nothing : join(frame.returns);
  }

  /** A module that esbuild wrapped into a function: it runs once, as modules do, whoever asks first. */
  load(thing: Thing): Value {
    const known = this.#loaded.get(thing.node);
    if (known) return known;
    const node = thing.node as FunctionNode;
    const exported = createThing("object", "exports", `exports@${node.start}`, true);
    const module = createThing("object", "module", `module@${node.start}`, true);
    module.properties.set("exports", thingValue(exported));
    this.#loaded.set(thing.node, thingValue(exported));
    const { atStart, frames, flow } = this;
    this.atStart = true;
    this.frames = [];
    this.flow = new Flow();
    this.inside({ ...thing, kind: "function" }, [thingValue(exported), thingValue(module)]);
    this.atStart = atStart;
    this.frames = frames;
    this.flow = flow;
    const result = module.properties.get("exports") ?? thingValue(exported);
    this.#loaded.set(thing.node, result);
    return result;
  }

  get guarded(): boolean {
    return this.guards > 0 || this.frames.some(({ guarded }) => guarded);
  }

  /** A request is being answered, and this variable was there before it. */
  outlives(variable: Variable): boolean {
    const { block } = variable.scope.variableScope;
    return !this.atStart && !this.frames.some(({ node }) => (node as unknown) === block);
  }

  assign(identifier: Identifier, value: Value, node: AnyNode): void {
    const variable = this.code.variable(identifier);
    if (!variable) return;
    const known = this.values.get(variable);
    const outlives = this.outlives(variable);
    this.values.set(variable, known && outlives ? join([known, value]) : value);
    if (!outlives) return;
    for (const thing of value.things) share(thing, variable.name);
    this.write(locationOf(variable), variable.name, "assigned", value, node);
  }

  write(location: string, label: string, form: WriteForm, value: Value, node: AnyNode): void {
    if (this.atStart) return;
    const before = value.from?.get(location);
    if (before !== undefined && before < this.flow.pauses) {
      const turns = [...this.flow.turns].flatMap(([turn, since]) => (since <= before ? turn : []));
      this.noted.push({ kind: "lost-update", node, atStart: false, label, turns });
    }
    if (form === "assigned" && !this.guarded) lookForTurn(this, location, value);
    const grows = form === "assigned" && before !== undefined;
    this.#keep({
      location,
      label,
      form: grows ? "summed" : form,
      node,
      value,
      guarded: this.guarded,
      turns: [...this.flow.turns.keys()],
    });
  }

  /** One writing for each place of the code, so that a path that is walked twice tells nothing twice. */
  #keep(write: Write): void {
    const key = `${write.node.start} ${write.location} ${write.form} ${write.value.request} ${write.value.fresh} ${write.guarded} ${write.turns.join()}`;
    const same = this.#writes.get(key) ?? write;
    this.#writes.set(key, same);
    this.writes.add(same);
    // Worker threads write and read files at the same moment: no await is needed.
    this.flow.write(same, write.location.startsWith("file:") ? write.node : undefined);
  }

  /** What other requests may have put there is in the value. */
  read(location: string, node: AnyNode): Pick<Value, "from" | "content"> {
    if (this.atStart) return {};
    this.reads.push(location);
    this.readAt.add(`${location} ${this.flow.pauses}`);
    return {
      from: new Map([[location, this.flow.pauses]]),
      content: new Set(this.#use(location, node)),
    };
  }

  /** Whether something is there, or how much: that tells nothing of what it is. */
  glance({ key, shared }: Thing): void {
    if (shared && !this.atStart) this.reads.push(key);
  }

  /** Returned, logged, sent. */
  leave(value: Value, node: AnyNode): void {
    if (this.atStart) return;
    for (const use of value.content ?? []) use.leaves = true;
    this.#leaveThings(value, node, 0);
  }

  #leaveThings({ things }: Value, node: AnyNode, depth: number): void {
    for (const thing of things) {
      if (thing.kind === "function" || depth > 3) continue;
      if (thing.shared) for (const use of this.#use(thing.key, node)) use.leaves = true;
      else for (const inner of thing.properties.values()) this.#leaveThings(inner, node, depth + 1);
    }
  }

  #use(location: string, read: AnyNode): Use[] {
    const turns = [...this.flow.turns.keys()];
    const uses = this.flow
      .seen(location)
      .map(({ write, pause }) => ({ write, pause, read, turns, leaves: false }));
    this.uses.push(...uses);
    return uses;
  }

  pause(node: AnyNode): void {
    if (this.atStart) return;
    for (const { value, guarded, label, node: written, turns } of this.flow.fresh("env:"))
      if (value.request && !guarded)
        this.noted.push({
          kind: "environment",
          node: written,
          atStart: false,
          label,
          pause: node,
          turns,
        });
    this.flow.pause(node);
  }

  /** A test: whether what it decides is only made once, because something kept is missing or too old. */
  test(node: AnyNode | null | undefined) {
    const before = this.reads.length;
    const value = this.evaluate(node);
    const reads = this.reads.slice(before);
    return { value, reads, guards: reads.length > 0 && !value.request };
  }

  within(guards: boolean, work: () => void): void {
    this.guards += guards ? 1 : 0;
    work();
    this.guards -= guards ? 1 : 0;
  }
}
