import { isRecord } from "../../is-record.ts";
import type { ServiceName } from "../service.ts";
import { ServiceError } from "../service-error.ts";
import { lowerFirst } from "./required-members.ts";
import type { Member, Shape, Structure } from "./shape.ts";

/** What a model allows of a string, or of the size of a list or map. */
interface Constraint {
  readonly enum?: readonly string[];
  /** Characters, items or entries. */
  readonly min?: number;
  readonly max?: number;
  /** To be matched as a whole. */
  readonly pattern?: string;
  /** Its values are not told in errors. */
  readonly sensitive?: boolean;
}

export interface Constraints {
  /** By the name of the model's shape. */
  readonly rules: Readonly<Record<string, Constraint>>;
  /** Shapes by structure and member; `[]` behind a member means its items, `{}` the values of a map. */
  readonly members: Readonly<Record<string, string>>;
}

/** Services whose own code leaves this to their models. The others check in words of their own. */
const tables: Partial<Readonly<Record<ServiceName, () => Promise<Constraints>>>> = {
  apigateway: async () => (await import("./constraints/apigateway.ts")).apigateway,
  ecr: async () => (await import("./constraints/ecr.ts")).ecr,
  events: async () => (await import("./constraints/events.ts")).events,
  kms: async () => (await import("./constraints/kms.ts")).kms,
  lambda: async () => (await import("./constraints/lambda.ts")).lambda,
  s3: async () => (await import("./constraints/s3.ts")).s3,
  secretsmanager: async () => (await import("./constraints/secretsmanager.ts")).secretsmanager,
  ssm: async () => (await import("./constraints/ssm.ts")).ssm,
};

/** Refuses an input with a value that the service's model does not allow, in the words of its kind of service. */
export async function checkConstraints(
  service: ServiceName,
  shape: Structure,
  input: Record<string, unknown>,
): Promise<void> {
  const constraints = await tables[service]?.();
  if (constraints === undefined) return;
  const [broken, ...more] = brokenIn({ shape, constraints }, input, "");
  if (broken === undefined) return;
  if (service === "s3") throw refusedByS3(broken);
  const all = [broken, ...more];
  const count = `${all.length} validation error${all.length === 1 ? "" : "s"} detected`;
  const code = service === "ecr" ? "InvalidParameterException" : "ValidationException";
  throw new ServiceError(code, `${count}: ${all.map(({ text }) => text).join("; ")}`, {
    status: 400,
  });
}

interface Broken {
  readonly text: string;
  /** Sent in the body, not as a header or in the query string. */
  readonly isInBody: boolean;
}

/** Amazon S3 API reference, "Error responses": what does not fit the schema, and what no argument may be. */
function refusedByS3({ text, isInBody }: Broken): ServiceError {
  return isInBody
    ? new ServiceError(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
        { status: 400 },
      )
    : new ServiceError("InvalidArgument", text, { status: 400 });
}

interface Place {
  readonly shape: Structure;
  readonly constraints: Constraints;
}

function brokenIn(place: Place, value: Record<string, unknown>, path: string): Broken[] {
  const { shape, constraints } = place;
  return shape.members.flatMap((member) => {
    const item = value[member.name];
    if (item === undefined || item === null) return [];
    const key = `${shape.name}.${member.name}`;
    const inside = path === "" ? lowerFirst(member.name) : `${path}.${member.name}`;
    const isInBody = path !== "" || !isOutsideBody(member);
    return brokenValue({ key, shape: member.shape, constraints, isInBody }, item, inside);
  });
}

interface ValuePlace {
  readonly key: string;
  readonly shape: Shape;
  readonly constraints: Constraints;
  readonly isInBody: boolean;
}

function brokenValue(place: ValuePlace, value: unknown, path: string): Broken[] {
  const { key, shape, constraints, isInBody } = place;
  const rule = constraints.rules[constraints.members[key] ?? ""];
  const own =
    rule === undefined
      ? []
      : reasons(rule, value).map((reason) => ({
          text: `Value${rule.sensitive ? "" : ` '${shown(value)}'`} at '${path}' failed to satisfy constraint: ${reason}`,
          isInBody,
        }));
  if (shape.kind === "list" && Array.isArray(value)) {
    const item = { ...place, key: `${key}[]`, shape: shape.element.shape };
    return [
      ...own,
      ...value.flatMap((each, index) => brokenValue(item, each, `${path}.${index + 1}.member`)),
    ];
  }
  if (shape.kind === "map" && isRecord(value)) {
    const entry = { ...place, key: `${key}{}`, shape: shape.value.shape };
    return [
      ...own,
      ...Object.entries(value).flatMap(([name, each]) =>
        brokenValue(entry, each, `${path}.${name}.member`),
      ),
    ];
  }
  if ((shape.kind === "structure" || shape.kind === "union") && isRecord(value)) {
    return brokenIn({ shape, constraints }, value, path);
  }
  return own;
}

/** AWS's general sentences for a constraint that is not met. */
function reasons({ enum: values, min, max, pattern }: Constraint, value: unknown): string[] {
  if (values !== undefined)
    return values.includes(String(value))
      ? []
      : [`Member must satisfy enum value set: [${values.join(", ")}]`];
  const size = sizeOf(value);
  if (size === undefined) return [];
  return [
    ...(min !== undefined && size < min
      ? [`Member must have length greater than or equal to ${min}`]
      : []),
    ...(max !== undefined && size > max
      ? [`Member must have length less than or equal to ${max}`]
      : []),
    ...(pattern !== undefined && typeof value === "string" && !matches(pattern, value)
      ? [`Member must satisfy regular expression pattern: ${pattern}`]
      : []),
  ];
}

function matches(pattern: string, value: string): boolean {
  // Classes of Unicode need the flag, and other patterns have escapes that it forbids.
  return new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "su" : "s").test(value);
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return isRecord(value) && !(value instanceof Uint8Array) ? Object.keys(value).length : undefined;
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isOutsideBody({ traits }: Member): boolean {
  return (
    traits.httpHeader !== undefined ||
    traits.httpQuery !== undefined ||
    traits.httpLabel !== undefined
  );
}
