import type { AnyNode } from "acorn";
import type { Use } from "./flow.ts";
import { type Value, answer, mix, nothing } from "./value.ts";
import type { Walk } from "./walk.ts";

const writing =
  /(?:^|\.)(?:writeFile|appendFile|createWriteStream|outputFile|outputJson|writeJson)(?:Sync)?$/;
/** Moves or copies onto its second argument. */
const copying = /(?:^|\.)(?:copyFile|cp|rename|copy|move)(?:Sync)?$/;
const looking = /(?:^|\.)(?:exists|access|stat|lstat)(?:Sync)?$/;
const removing = /(?:^|\.)(?:unlink|rm|mkdir|rmdir)(?:Sync)?$/;

/** A call with a path in /tmp that is the same for every request; undefined for all others. */
export function callFile(
  walk: Walk,
  name: string,
  args: readonly Value[],
  node: AnyNode,
): Value | undefined {
  const paths = args.flatMap((arg, index) =>
    isFixed(arg) ? [{ location: `file:${arg.text}`, path: arg.text, index }] : [],
  );
  if (paths.length === 0 || removing.test(name)) return undefined;
  if (looking.test(name)) {
    walk.reads.push(...paths.map(({ location }) => location));
    return nothing;
  }
  const content = new Set<Use>();
  for (const { location, path, index } of paths) {
    const written = writtenTo(name, args, index);
    if (written) walk.write(location, path, "assigned", written, node);
    else for (const use of walk.read(location, node).content ?? []) content.add(use);
  }
  for (const arg of args) walk.leave(arg, node);
  callBack(walk, args, node);
  const { request, fresh } = answer(args);
  return { ...nothing, request, fresh, content };
}

/** What a call writes to its argument of this index; undefined where it reads it. */
function writtenTo(name: string, args: readonly Value[], index: number): Value | undefined {
  // What the other file is called says nothing of what is in it.
  if (copying.test(name) && index === 1) return nothing;
  if (!writing.test(name) || index !== 0) return undefined;
  // What flows through a stream is not known where it is opened; a handler writes what it was asked for.
  return name.includes("WriteStream") ? { ...nothing, request: true } : mix(args.slice(1));
}

function isFixed(value: Value): value is Value & { text: string } {
  return value.text !== undefined && /^\/tmp\/./.test(value.text);
}

/** `fs.readFile(path, callback)` */
function callBack(walk: Walk, args: readonly Value[], node: AnyNode): void {
  const called = args.flatMap(({ things }) => things.filter(({ kind }) => kind === "function"));
  if (called.length === 0) return;
  const before = walk.flow.copy();
  walk.pause(node);
  for (const thing of called) walk.call(thing, [nothing, nothing], node);
  walk.flow.resume(before);
}
