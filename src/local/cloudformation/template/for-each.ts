import { isRecord } from "../../../is-record.ts";
import type { JsonObject } from "./template.ts";
import { extensionsFailed } from "./transform-failed.ts";

const prefix = "Fn::ForEach::";

/**
 * What loops may copy altogether, in characters. A template has at most 1 MB, after its loops too (template reference,
 * "Fn::ForEach"; user guide, "Understand CloudFormation quotas"); outer loops copy what inner ones then write out.
 */
const maximumCopied = 3_000_000;
/** What a value weighs beside its text. */
const weight = 10;

/** How the loops of one template are written out. */
export interface Loops {
  /** Computes a collection's items. */
  readonly collect: (collection: unknown) => string[];
  /** Told of every value that is copied, with its characters; throws when it is too much. */
  readonly copied: (characters: number) => void;
}

export function loopsOf(collect: Loops["collect"]): Loops {
  let sum = 0;
  return {
    collect,
    copied: (characters) => {
      sum += weight + characters;
      if (sum > maximumCopied) {
        throw extensionsFailed("Fn::ForEach makes more than a template can have");
      }
    },
  };
}

/**
 * Writes out every `Fn::ForEach::Name: [Identifier, Collection, Body]` of a value, loops in loops too
 * (CloudFormation template reference, "Fn::ForEach").
 */
export function expandLoops(value: unknown, loops: Loops): unknown {
  if (Array.isArray(value)) return value.map((item) => expandLoops(item, loops));
  if (!isRecord(value)) return value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (!key.startsWith(prefix)) put(result, key, expandLoops(item, loops));
    else for (const [name, made] of iterations(item, loops)) put(result, name, made);
  }
  return result;
}

function put(result: JsonObject, key: string, value: unknown): void {
  if (key in result) throw extensionsFailed(`Duplicate key ${key} made by Fn::ForEach`);
  result[key] = value;
}

function iterations(loop: unknown, loops: Loops): (readonly [string, unknown])[] {
  const [identifier, collection, body] = Array.isArray(loop) ? (loop as unknown[]) : [];
  if (typeof identifier !== "string" || !isRecord(body) || (loop as unknown[]).length !== 3) {
    throw extensionsFailed("Fn::ForEach layout is incorrect");
  }
  return loops.collect(collection).flatMap((item) => {
    const made = expandLoops(substitute(body, { identifier, item, loops }), loops);
    return isRecord(made) ? Object.entries(made) : [];
  });
}

interface Iteration {
  readonly identifier: string;
  readonly item: string;
  readonly loops: Loops;
}

/** The loop's item in place of `${Identifier}`, of `&{Identifier}` (letters and digits only) and of its Ref. */
function substitute(value: unknown, iteration: Iteration): unknown {
  const { identifier, item, loops } = iteration;
  const inText = (text: string): string => {
    const made = text
      .replaceAll(`\${${identifier}}`, item)
      .replaceAll(`&{${identifier}}`, item.replaceAll(/[^A-Za-z0-9]/g, ""));
    loops.copied(made.length);
    return made;
  };
  if (typeof value === "string") return inText(value);
  loops.copied(0);
  if (Array.isArray(value)) return value.map((part) => substitute(part, iteration));
  if (!isRecord(value)) return value;
  if (value["Ref"] === identifier && Object.keys(value).length === 1) return item;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [inText(key), substitute(part, iteration)]),
  );
}
