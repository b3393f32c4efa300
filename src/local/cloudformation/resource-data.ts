import type { SpecDatabase } from "@aws-cdk/service-spec-types";

export type Replacement = "yes" | "maybe" | "no";

export interface PropertyData {
  readonly required: boolean;
  readonly replacement: Replacement;
  readonly shape: ShapeData;
}

/** Only as much of a property's type as validation and replacement need. */
export type ShapeData =
  | { readonly kind: "any" | "tag" }
  | {
      readonly kind: "scalar";
      readonly type?: "string" | "number" | "integer" | "boolean";
      /** Where AWS's data list the only values. */
      readonly allowed?: readonly string[];
    }
  | { readonly kind: "list" | "map"; readonly element: ShapeData }
  | { readonly kind: "object"; readonly properties: () => Readonly<Record<string, PropertyData>> };

/** What AWS's own data say about one resource type. */
export interface ResourceData {
  readonly type: string;
  readonly identifier: readonly string[];
  readonly reference: readonly string[];
  readonly arnTemplate: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, PropertyData>>;
  readonly tagProperty: string | undefined;
  readonly replacementPaths: readonly (readonly string[])[];
}

export interface ResourceDataSource {
  /** Data of the types, by type name; a type that AWS does not know is absent. */
  load(types: Iterable<string>): Promise<ReadonlyMap<string, ResourceData>>;
}

type Spec = ReturnType<SpecDatabase["all"]>;
type SpecResource = Extract<Spec[number], { cloudFormationType: string }>;
type SpecProperty = SpecResource["properties"][string];
type SpecType = SpecProperty["type"];

/** CDK writes this type into every stack; CloudFormation accepts it and makes nothing. */
const cdkMetadata: ResourceData = {
  type: "AWS::CDK::Metadata",
  identifier: [],
  reference: [],
  arnTemplate: undefined,
  attributes: {},
  properties: { Analytics: { required: false, replacement: "no", shape: { kind: "scalar" } } },
  tagProperty: undefined,
  replacementPaths: [],
};

/**
 * AWS's resource data from @aws-cdk/aws-service-spec. The database costs 0.4 s and 130 MB, so it is
 * opened only when a type is asked for the first time, and let go after what is needed was copied.
 */
export function createResourceDataSource(): ResourceDataSource {
  const known = new Map<string, ResourceData | undefined>([[cdkMetadata.type, cdkMetadata]]);
  return {
    async load(types) {
      const wanted = [...new Set(types)];
      if (wanted.some((type) => !known.has(type))) {
        const { loadAwsServiceSpec } = await import("@aws-cdk/aws-service-spec");
        const database = await loadAwsServiceSpec();
        for (const type of wanted)
          if (!known.has(type)) known.set(type, readResource(database, type));
      }
      return new Map(
        wanted.flatMap((type) => {
          const data = known.get(type);
          return data ? [[type, data] as const] : [];
        }),
      );
    },
  };
}

function readResource(database: SpecDatabase, type: string): ResourceData | undefined {
  const [resource] = database.lookup("resource", "cloudFormationType", "equals", type);
  if (!resource) return undefined;
  const identifier = resource.primaryIdentifier ?? [];
  return {
    type,
    identifier,
    reference: resource.cfnRefIdentifier ?? identifier,
    arnTemplate: resource.arnTemplate,
    attributes: Object.fromEntries(
      Object.entries(resource.attributes).map(([name, attribute]) => [name, attribute.type.type]),
    ),
    properties: readProperties(database, resource.properties, new Map()),
    tagProperty: resource.tagInformation?.tagPropertyName,
    replacementPaths: resource.additionalReplacementProperties ?? [],
  };
}

type Definitions = Map<string, Readonly<Record<string, PropertyData>>>;

function readProperties(
  database: SpecDatabase,
  properties: Readonly<Record<string, SpecProperty>>,
  seen: Definitions,
): Record<string, PropertyData> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      {
        required: property.required ?? false,
        replacement: property.causesReplacement ?? "no",
        // Types that changed over time are accepted in any of their forms.
        shape: property.previousTypes?.length
          ? { kind: "any" }
          : readShape(database, property.type, seen),
      },
    ]),
  );
}

function readShape(database: SpecDatabase, type: SpecType, seen: Definitions): ShapeData {
  if (type.type === "array")
    return { kind: "list", element: readShape(database, type.element, seen) };
  if (type.type === "map") return { kind: "map", element: readShape(database, type.element, seen) };
  if (type.type === "ref") return readDefinition(database, type, seen);
  if (type.type === "tag") return { kind: "tag" };
  return scalarShape(type);
}

function scalarShape(type: SpecType): ShapeData {
  const allowed = "allowedValues" in type ? type.allowedValues?.map(String) : undefined;
  if (type.type === "string" || type.type === "number") return scalar(type.type, allowed);
  if (type.type === "integer" || type.type === "boolean") return scalar(type.type, allowed);
  return { kind: type.type === "date-time" || type.type === "null" ? "scalar" : "any" };
}

function scalar(
  type: "string" | "number" | "integer" | "boolean",
  allowed: readonly string[] | undefined,
): ShapeData {
  return { kind: "scalar", type, ...(allowed ? { allowed } : {}) };
}

function readDefinition(
  database: SpecDatabase,
  type: Extract<SpecType, { type: "ref" }>,
  seen: Definitions,
): ShapeData {
  const id = type.reference.$ref;
  if (!seen.has(id)) {
    // Set before reading: definitions may contain themselves.
    seen.set(id, {});
    seen.set(
      id,
      readProperties(database, database.get("typeDefinition", type.reference).properties, seen),
    );
  }
  return { kind: "object", properties: () => seen.get(id) ?? {} };
}
