import { createHash } from "node:crypto";
import type {
  ProvisionedResource,
  Properties,
  ResourceContext,
  ResourceType,
} from "./resource-type.ts";
import type { ResourceData } from "./resource-data.ts";

/**
 * A resource that is only written down: nothing exists behind its id. Its id and attributes have the
 * form that AWS gives them, from AWS's resource data; README.md lists this as a difference from AWS.
 */
export function genericResource(data: ResourceData): ResourceType {
  const provision = (properties: Properties, context: ResourceContext): ProvisionedResource => {
    const token = createHash("sha256").update(context.generateName(200)).digest("hex");
    const values = new Map<string, string>();
    for (const name of data.identifier)
      values.set(name, identifierPart(name, data, properties, context, token));
    const attributes: Record<string, unknown> = {};
    for (const [name, type] of Object.entries(data.attributes)) {
      attributes[name] =
        properties[name] ??
        values.get(name) ??
        attributeValue(name, type, data, properties, context, values, token);
    }
    const physicalId = data.reference
      .map((name) => values.get(name) ?? token.slice(0, 17))
      .join("|");
    return { physicalId: physicalId === "" ? context.generateName(128) : physicalId, attributes };
  };
  return {
    type: data.type,
    create: (properties, context) => Promise.resolve(provision(properties, context)),
    update: (physicalId, properties, _previous, context) =>
      Promise.resolve({ ...provision(properties, context), physicalId }),
    delete: () => Promise.resolve(),
  };
}

function identifierPart(
  name: string,
  data: ResourceData,
  properties: Properties,
  context: ResourceContext,
  token: string,
): string {
  const given = properties[name];
  if (typeof given === "string" || typeof given === "number") return String(given);
  if (name.endsWith("Arn")) return arn(data, properties, context, new Map(), token);
  if (name.endsWith("Id")) return uuid(token);
  if (name.endsWith("Url"))
    return `${context.endpoint()}/${context.accountId}/${context.generateName(80)}`;
  return context.generateName(64);
}

function attributeValue(
  name: string,
  type: string,
  data: ResourceData,
  properties: Properties,
  context: ResourceContext,
  values: ReadonlyMap<string, string>,
  token: string,
): unknown {
  if (type === "boolean") return false;
  if (type === "integer" || type === "number") return 0;
  if (type === "array") return [];
  if (name.endsWith("Arn")) return arn(data, properties, context, values, token);
  if (name.endsWith("Id"))
    return uuid(createHash("sha256").update(`${token}/${name}`).digest("hex"));
  return `${context.logicalId}-${name}`;
}

/** Fills AWS's own ARN template of the type; what it does not know gets the resource's name. */
function arn(
  data: ResourceData,
  properties: Properties,
  context: ResourceContext,
  values: ReadonlyMap<string, string>,
  token: string,
): string {
  const service = data.type.split("::")[1]?.toLowerCase() ?? "aws";
  const template =
    data.arnTemplate ??
    `arn:\${Partition}:${service}:\${Region}:\${Account}:${kebab(data.type)}/\${Name}`;
  const known: Record<string, string> = {
    Partition: "aws",
    Region: context.caller.region,
    Account: context.accountId,
  };
  return template.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    const given = known[name] ?? values.get(name) ?? properties[name];
    if (typeof given === "string") return given;
    return name.endsWith("Id")
      ? uuid(token)
      : (values.values().next().value ?? context.generateName(64));
  });
}

function kebab(type: string): string {
  return (type.split("::")[2] ?? "resource")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

function uuid(hex: string): string {
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join("-");
}
