import type { ServiceName } from "../service.ts";
import { type ServiceSource, sources } from "./service-sources.ts";
import type {
  ErrorModel,
  Member,
  OperationModel,
  ServiceModel,
  Shape,
  Structure,
  TimestampFormat,
  Traits,
} from "./shape.ts";

/*
 * The AWS SDK's clients export their service models as data ("schemas"). They are real but not a promised
 * interface, so this file alone knows their form and turns them into the shapes of shape.ts; the SDK's version
 * is pinned. Layout, from @smithy/types `schema`: the first element of a static schema is its kind,
 * then namespace, name, traits:
 *   [9, ns, name, traits, input, output]       operation
 *   [3 | 4 | -3, ns, name, traits, memberNames, memberRefs, requiredCount]   structure, union, error
 *   [1, ns, name, traits, element]             list
 *   [2, ns, name, traits, key, value]          map
 *   [0, ns, name, traits, ref]                 a named simple type
 * A reference is a schema, a number (simple type), a function that returns one, or [reference, traits].
 */

type Static = readonly [
  kind: number,
  namespace: string,
  name: string,
  traits: unknown,
  ...rest: unknown[],
];

const loaded = new Map<ServiceName, Promise<ServiceModel>>();

export function isModelledService(name: string): name is ServiceName {
  return Object.hasOwn(sources, name);
}

export function modelledServices(): string[] {
  return Object.keys(sources);
}

/** The model of a service, read from its SDK client on first use (0.1 to 0.3 s), then remembered. */
export function serviceModel(name: ServiceName): Promise<ServiceModel> {
  let model = loaded.get(name);
  if (model === undefined) {
    const source = sources[name];
    if (source === undefined) return Promise.reject(new Error(`No service model for ${name}`));
    model = source.load().then((schemas) => compileService(name, source, schemas));
    loaded.set(name, model);
  }
  return model;
}

function compileService(name: ServiceName, source: ServiceSource, schemas: object): ServiceModel {
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  const compiled = new Map<Static, Shape>();
  for (const value of Object.values(schemas)) {
    if (!isStatic(value)) continue;
    if (value[0] === 9) operations.set(value[2], operationModel(value, compiled));
    if (value[0] === -3) {
      const error = errorModel(value, compiled);
      errors.set(error.name, error);
      errors.set(error.queryCode, error);
    }
  }
  return {
    name,
    protocol: source.protocol,
    queryCompatible: source.queryCompatible ?? false,
    xmlNamespace: source.xmlNamespace ?? "",
    operations,
    errors,
  };
}

/** Shapes are compiled on first use: a service has thousands, a process uses dozens. */
function operationModel(schema: Static, compiled: Map<Static, Shape>): OperationModel {
  const http = (traitObject(schema[3])["http"] ?? undefined) as
    | [string, string, number]
    | undefined;
  return {
    name: schema[2],
    get input() {
      return structureOf(schema[4], compiled);
    },
    get output() {
      return structureOf(schema[5], compiled);
    },
    http: http && { method: http[0], uri: http[1], status: http[2] },
  };
}

function errorModel(schema: Static, compiled: Map<Static, Shape>): ErrorModel {
  const traits = traitObject(schema[3]);
  const [queryCode, queryStatus] = (traits["awsQueryError"] as [string, number] | undefined) ?? [];
  const fault = traits["error"] === "server" ? "server" : "client";
  return {
    name: schema[2],
    get shape() {
      return structureOf(schema, compiled);
    },
    fault,
    status:
      queryStatus ??
      (traits["httpError"] as number | undefined) ??
      (fault === "server" ? 500 : 400),
    queryCode: queryCode ?? schema[2],
  };
}

const emptyStructure: Structure = { kind: "structure", name: "Unit", traits: {}, members: [] };

function structureOf(reference: unknown, compiled: Map<Static, Shape>): Structure {
  const shape = shapeOf(reference, compiled);
  return shape.kind === "structure" || shape.kind === "union" ? shape : emptyStructure;
}

function shapeOf(reference: unknown, compiled: Map<Static, Shape>): Shape {
  const target = resolve(reference);
  if (typeof target === "string") return { kind: "unit" };
  if (typeof target === "number") return simpleShape(target);
  const known = compiled.get(target);
  if (known !== undefined) return known;
  const shape = staticShape(target, compiled);
  compiled.set(target, shape);
  return shape;
}

function staticShape(schema: Static, compiled: Map<Static, Shape>): Shape {
  switch (schema[0]) {
    case 0:
      return shapeOf(schema[4], compiled);
    case 1:
      return lazyMembers(
        { kind: "list" as const },
        { element: () => member("member", schema[4], false, compiled) },
      );
    case 2:
      return lazyMembers(
        { kind: "map" as const },
        {
          key: () => member("key", schema[4], false, compiled),
          value: () => member("value", schema[5], false, compiled),
        },
      );
    default:
      return structureShape(schema, compiled);
  }
}

function structureShape(schema: Static, compiled: Map<Static, Shape>): Structure {
  const names = schema[4] as readonly string[];
  const references = schema[5] as readonly unknown[];
  const requiredCount = (schema[6] as number | undefined) ?? 0;
  return lazyMembers(
    {
      kind: schema[0] === 4 ? ("union" as const) : ("structure" as const),
      name: schema[2],
      traits: readTraits(schema[3]),
    },
    {
      members: () =>
        names.map((name, index) =>
          member(name, references[index], index < requiredCount, compiled),
        ),
    },
  );
}

/** Shapes refer to themselves, so what they contain is compiled when it is first looked at. */
function lazyMembers<Base extends object, Lazy extends object>(
  base: Base,
  lazy: { readonly [Key in keyof Lazy]: () => Lazy[Key] },
): Base & Lazy {
  const shape = { ...base };
  for (const key of Object.keys(lazy) as (keyof Lazy)[]) {
    Object.defineProperty(shape, key, {
      configurable: true,
      enumerable: true,
      get() {
        const value = lazy[key]();
        Object.defineProperty(shape, key, { value, enumerable: true });
        return value;
      },
    });
  }
  return shape as Base & Lazy;
}

function member(
  name: string,
  reference: unknown,
  required: boolean,
  compiled: Map<Static, Shape>,
): Member {
  let traits: Traits = {};
  let target = reference;
  for (;;) {
    if (typeof target === "function") target = (target as () => unknown)();
    else if (Array.isArray(target) && target.length === 2) {
      traits = { ...readTraits(target[1]), ...traits };
      target = target[0];
    } else break;
  }
  // Of what a shape says about itself, only this holds for the members that refer to it.
  if (isStatic(target) && readTraits(target[3]).streaming) traits = { ...traits, streaming: true };
  return { name, required, traits, shape: shapeOf(target, compiled) };
}

function resolve(reference: unknown): Static | number | string {
  let target = reference;
  for (;;) {
    if (typeof target === "function") target = (target as () => unknown)();
    else if (Array.isArray(target) && target.length === 2) target = target[0];
    else break;
  }
  if (typeof target === "number" || typeof target === "string" || isStatic(target)) return target;
  throw new Error(`Unknown form of SDK schema: ${JSON.stringify(target)}`);
}

function isStatic(value: unknown): value is Static {
  return (
    Array.isArray(value) &&
    value.length >= 5 &&
    typeof value[0] === "number" &&
    typeof value[2] === "string"
  );
}

/** Simple types are numbers; 64 marks a list of them, 128 a map of them. */
function simpleShape(code: number): Shape {
  if (code >= 128) {
    const element = simpleMember(code - 128, "value");
    return { kind: "map", key: simpleMember(0, "key"), value: element };
  }
  if (code >= 64) return { kind: "list", element: simpleMember(code - 64, "member") };
  if (code >= 4 && code <= 7) return { kind: "timestamp", format: timestampFormats[code - 4] };
  if (code === 21 || code === 42) return { kind: "blob", streaming: code === 42 };
  const kind = simpleKinds[code];
  if (kind === undefined) throw new Error(`Unknown simple type in SDK schema: ${code}`);
  return { kind };
}

const timestampFormats: readonly (TimestampFormat | undefined)[] = [
  undefined,
  "date-time",
  "http-date",
  "epoch-seconds",
];

const simpleKinds: Readonly<
  Record<number, "string" | "number" | "boolean" | "document" | "bigint" | "bigdecimal">
> = {
  0: "string",
  1: "number",
  2: "boolean",
  15: "document",
  17: "bigint",
  19: "bigdecimal",
};

function simpleMember(code: number, name: string): Member {
  return { name, required: false, traits: {}, shape: simpleShape(code) };
}

/** Traits are an object, or the bits of the seven most common ones. */
const traitBits = [
  "httpLabel",
  "idempotent",
  "idempotencyToken",
  "sensitive",
  "httpPayload",
  "httpResponseCode",
  "httpQueryParams",
] as const;

function readTraits(traits: unknown): Traits {
  return traitObject(traits);
}

function traitObject(traits: unknown): Record<string, unknown> {
  if (typeof traits === "object" && traits !== null) return traits as Record<string, unknown>;
  const bits = typeof traits === "number" ? traits : 0;
  return Object.fromEntries(
    traitBits.filter((_, index) => (bits >> index) & 1).map((name) => [name, true]),
  );
}
