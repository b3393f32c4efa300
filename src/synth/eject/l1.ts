import { isRecord } from "../../is-record.ts";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type * as Core from "aws-cdk-lib/core";
import type { TemplateResource } from "../synthesize.ts";
import { functionName, type Kind } from "./intrinsics.ts";

/** An intrinsic function among properties, with what TypeScript wants in its place. */
export class Intrinsic {
  readonly value: Readonly<Record<string, unknown>>;
  readonly kind: Kind;

  constructor(value: Readonly<Record<string, unknown>>, kind: Kind) {
    this.value = value;
    this.kind = kind;
  }
}

/** A resource as the construct of its type takes it. */
export interface L1 {
  /** `aws-cdk-lib/aws-ec2` */
  readonly module: string;
  readonly className: string;
  /** In the construct's words; intrinsic functions are `Intrinsic`. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** What this version of the construct does not know, by path. */
  readonly overrides: readonly (readonly [path: string, value: unknown])[];
  /** What these fields of the construct come to. */
  readonly fields: (names: readonly string[]) => unknown;
  /** The construct's name of an attribute that is text, such as `attrArn`. */
  readonly attribute: (name: string) => string | undefined;
}

/** What aws-cdk-lib's own template parser calls on every class of a resource type; it is not in its types. */
interface ResourceClass {
  readonly _fromCloudFormation: (
    scope: object,
    id: string,
    resource: object,
    options: { parser: { parseValue(value: unknown): unknown; handleAttributes(): void } },
  ) => Record<string, unknown> & { _toCloudFormation(): object };
}

const require = createRequire(import.meta.url);
const core = require("aws-cdk-lib/core") as typeof Core;

/** A token that remembers the template's words. */
class Words extends core.Intrinsic {
  readonly words: Readonly<Record<string, unknown>>;

  constructor(words: Readonly<Record<string, unknown>>) {
    super(words);
    this.words = words;
  }
}

let classes: Readonly<Record<string, string>> | undefined;

function classOf(type: string): { module: string; className: string } | undefined {
  // The list by which CfnInclude finds them; the package exports no way to it.
  const folder = path.dirname(require.resolve("aws-cdk-lib/cloudformation-include"));
  classes ??= JSON.parse(
    readFileSync(path.join(folder, "cfn-types-2-classes.json"), "utf8"),
  ) as Readonly<Record<string, string>>;
  const [module, className] = classes[type]?.split(".") ?? [];
  return module === undefined || className === undefined ? undefined : { module, className };
}

/**
 * The construct of a resource's type, with properties in its words: CDK's own conversion, as CfnInclude does it.
 * undefined where there is no such construct, or where it would write other properties than the template has.
 */
export function l1Of(logicalId: string, resource: TemplateResource): L1 | undefined {
  const found = classOf(resource.Type);
  if (found === undefined) return undefined;
  const type = (require(found.module) as Record<string, unknown>)[found.className];
  // Never synthesised: nothing is written. Without a folder CDK would leave an empty one behind for each.
  const app = new core.App({ outdir: tmpdir(), analyticsReporting: false, treeMetadata: false });
  const stack = new core.Stack(app, "S");
  try {
    const { _fromCloudFormation: convert } = type as ResourceClass;
    const parser = { parseValue: withWords, handleAttributes: () => {} };
    const properties = { Properties: resource.Properties ?? {} };
    const made = convert.call(type, stack, logicalId, properties, { parser });
    const { Resources } = stack.resolve(made["_toCloudFormation"]()) as Record<string, unknown> & {
      Resources: Record<string, TemplateResource>;
    };
    const back = plain(Resources[logicalId]?.Properties ?? {});
    if (!isDeepStrictEqual(back, plain(resource.Properties ?? {}))) return undefined;
    return {
      ...found,
      properties: backToWords(made["cfnProperties"]) as Readonly<Record<string, unknown>>,
      overrides: overridesOf(made),
      fields: (names) =>
        stack.resolve(Object.fromEntries(names.map((name) => [name, made[name]]))) as unknown,
      attribute: (name) => attributeOf(made, name),
    };
  } catch {
    // A value that the construct refuses, which an override put there: the template's own words then.
    return undefined;
  }
}

function attributeOf(made: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const property = `attr${name.replaceAll(".", "")}`;
  return typeof made[property] === "string" ? property : undefined;
}

function overridesOf(made: Readonly<Record<string, unknown>>): [string, unknown][] {
  const { Properties = {} } = made["rawOverrides"] as { Properties?: unknown };
  return leaves(backToWords(Properties), []);
}

function leaves(value: unknown, place: readonly string[]): [string, unknown][] {
  const ends = !isRecord(value) || value instanceof Intrinsic || Object.keys(value).length === 0;
  if (ends) return place.length === 0 ? [] : [[place.join("."), value]];
  return Object.entries(value).flatMap(([key, own]) =>
    leaves(own, [...place, key.replaceAll(".", "\\.")]),
  );
}

function withWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withWords);
  if (!isRecord(value)) return value;
  if (functionName(value) !== undefined) return new Words(value);
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, withWords(own)]));
}

function backToWords(value: unknown): unknown {
  if (value instanceof Words) return new Intrinsic(value.words, "any");
  if (typeof value === "string" || typeof value === "number") return primitive(value);
  if (Array.isArray(value)) {
    const token = core.Token.isUnresolved(value) ? core.Tokenization.reverseList(value) : undefined;
    return token instanceof Words ? new Intrinsic(token.words, "list") : value.map(backToWords);
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, own]) => own !== undefined);
  return Object.fromEntries(entries.map(([key, own]) => [key, backToWords(own)]));
}

function primitive(value: string | number): unknown {
  const token = core.Tokenization.reverse(value);
  if (!(token instanceof Words)) return value;
  return new Intrinsic(token.words, typeof value === "string" ? "string" : "number");
}

/** As JSON carries it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
