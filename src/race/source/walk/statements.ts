import type { AnyNode } from "acorn";
import { assignPattern } from "./patterns.ts";
import { elementOf } from "./properties.ts";
import { waitedWhile } from "./turns.ts";
import { type Value, nothing } from "./value.ts";
import type { Walk } from "./walk.ts";

type Run<T extends AnyNode["type"]> = (walk: Walk, node: Extract<AnyNode, { type: T }>) => void;

const statements: { readonly [T in AnyNode["type"]]?: Run<T> } = {
  BlockStatement: (walk, { body }) => runAll(walk, body),
  StaticBlock: (walk, { body }) => runAll(walk, body),
  ExpressionStatement: (walk, { expression }) => void walk.evaluate(expression),
  VariableDeclaration: (walk, { declarations }) => {
    for (const { id, init } of declarations) {
      // `var x;` assigns nothing.
      if (init || !walk.atStart)
        assignPattern(walk, id, init ? walk.evaluate(init) : nothing, id, true);
    }
  },
  FunctionDeclaration: () => {},
  ClassDeclaration: (walk, node) => {
    if (node.id) assignPattern(walk, node.id, walk.evaluate(node), node, true);
  },
  ReturnStatement: (walk, { argument }) => {
    const value = walk.evaluate(argument);
    walk.frame?.returns.push(value);
    walk.frame?.exits.push(walk.flow.copy());
    walk.flow.ended = true;
  },
  ThrowStatement: (walk, { argument }) => {
    const value = walk.evaluate(argument);
    walk.leave(value, argument);
    walk.flow.ended = true;
  },
  IfStatement: (walk, { test, consequent, alternate }) => {
    const { guards } = walk.test(test);
    let ended = false;
    walk.branch(
      () => {
        walk.within(guards, () => walk.run(consequent));
        ended = walk.flow.ended;
      },
      () => walk.within(guards, () => walk.run(alternate)),
    );
    if (guards && ended && walk.frame) walk.frame.guarded = true;
  },
  SwitchStatement: (walk, { discriminant, cases }) => {
    walk.evaluate(discriminant);
    for (const { test, consequent } of cases) {
      walk.evaluate(test);
      walk.branch(
        () => runAll(walk, consequent),
        () => {},
      );
    }
  },
  TryStatement: (walk, { block, handler, finalizer }) => {
    const before = walk.flow.copy();
    const exits = walk.frame?.exits.length ?? 0;
    walk.run(block);
    if (handler) {
      const after = walk.flow;
      // It may have failed before anything and after everything.
      walk.flow = before;
      walk.branch(
        () => {},
        () => {
          walk.flow = after.copy();
          walk.flow.ended = false;
        },
      );
      if (handler.param) assignPattern(walk, handler.param, nothing, handler.param, true);
      walk.run(handler.body);
      const caught = walk.flow;
      walk.branch(
        () => void (walk.flow = after),
        () => void (walk.flow = caught),
      );
    }
    const { ended } = walk.flow;
    const during = [...walk.flow.turns.keys()];
    walk.flow.ended = false;
    walk.run(finalizer);
    walk.flow.ended ||= ended;
    // What returned before ends its turns here, too.
    const over = during.filter((turn) => !walk.flow.turns.has(turn));
    for (const exit of walk.frame?.exits.slice(exits) ?? [])
      for (const turn of over) exit.turns.delete(turn);
  },
  ForStatement: (walk, { init, test, update, body }) => {
    if (init?.type === "VariableDeclaration") walk.run(init);
    else walk.evaluate(init);
    loop(walk, () => {
      walk.evaluate(test);
      walk.run(body);
      walk.evaluate(update);
    });
  },
  WhileStatement: (walk, { test, body }) => {
    const { pauses } = walk.flow;
    let asked: readonly string[] = [];
    loop(walk, () => {
      const { guards, reads } = walk.test(test);
      asked = reads;
      walk.within(guards, () => walk.run(body));
    });
    waitedWhile(walk, asked, pauses);
  },
  DoWhileStatement: (walk, { test, body }) => {
    walk.run(body);
    walk.evaluate(test);
  },
  ForInStatement: (walk, { left, right, body }) => {
    const of = walk.evaluate(right);
    loop(walk, () => each(walk, left, { ...nothing, request: of.request }, body));
  },
  ForOfStatement: (walk, node) => {
    const value = elementOf(walk, walk.evaluate(node.right), node.right);
    loop(walk, () => {
      if (node.await) walk.pause(node);
      each(walk, node.left, value, node.body);
    });
  },
  LabeledStatement: (walk, { body }) => walk.run(body),
  BreakStatement: () => {},
  ContinueStatement: () => {},
  ExportNamedDeclaration: (walk, { declaration }) => walk.run(declaration),
  ExportDefaultDeclaration: (walk, { declaration }) => void walk.evaluate(declaration),
};

export function runStatement(walk: Walk, node: AnyNode): void {
  const run = statements[node.type] as Run<AnyNode["type"]> | undefined;
  run?.(walk, node);
}

function runAll(walk: Walk, body: readonly AnyNode[]): void {
  // Declared functions are there before the first line; classes and the rest come in order.
  for (const node of body) walk.run(node);
}

function each(walk: Walk, left: AnyNode, value: Value, body: AnyNode): void {
  const [declared] = left.type === "VariableDeclaration" ? left.declarations : [];
  assignPattern(walk, declared?.id ?? left, value, left, declared !== undefined);
  walk.run(body);
}

/** Twice: what the end of one turn writes, the next one reads. */
function loop(walk: Walk, turn: () => void): void {
  walk.branch(
    () => {
      walk.loops += 1;
      turn();
      if (walk.loops === 1) turn();
      walk.loops -= 1;
    },
    () => {},
  );
}
