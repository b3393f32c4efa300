import { scalarFromText } from "./scalar-text.ts";
import {
  isStructure,
  type ListShape,
  type MapShape,
  type Member,
  type Shape,
  type Structure,
} from "./shape.ts";
import { serializationError } from "./wire-error.ts";

/** `Tags.member.1.Key=a` and its like, as a tree by dots. */
interface Branch {
  text?: string;
  readonly children: Map<string, Branch>;
}

/** How the two form-encoded protocols name things. */
export interface QueryDialect {
  /** Name of a structure's member in the form. */
  readonly nameOf: (member: Member) => string;
  /** EC2 numbers list items right below the list's name; elsewhere only flattened lists do. */
  readonly listsAreFlat: boolean;
}

export const awsQuery: QueryDialect = {
  nameOf: (member) => member.traits.xmlName ?? member.name,
  listsAreFlat: false,
};

/** EC2: the query name if given, else the XML name with its first letter in upper case. */
export const ec2Query: QueryDialect = {
  nameOf: ({ traits, name }) => traits.ec2QueryName ?? capitalize(traits.xmlName ?? name),
  listsAreFlat: true,
};

const maxDepth = 32;

export function decodeQuery(
  shape: Structure,
  form: URLSearchParams,
  dialect: QueryDialect,
): Record<string, unknown> {
  return structureFrom(shape, treeOf(form), dialect);
}

function treeOf(form: URLSearchParams): Branch {
  const root: Branch = { children: new Map() };
  for (const [name, text] of form) {
    const path = name.split(".");
    if (path.length > maxDepth)
      throw serializationError(`Parameter name is nested too deeply: ${name.slice(0, 80)}`);
    let branch = root;
    for (const part of path) {
      let next = branch.children.get(part);
      if (next === undefined) branch.children.set(part, (next = { children: new Map() }));
      branch = next;
    }
    branch.text = text;
  }
  return root;
}

function structureFrom(
  shape: Structure,
  branch: Branch,
  dialect: QueryDialect,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of shape.members) {
    const child = branch.children.get(dialect.nameOf(member));
    if (child !== undefined) result[member.name] = valueFrom(member.shape, child, member, dialect);
  }
  return result;
}

function valueFrom(shape: Shape, branch: Branch, member: Member, dialect: QueryDialect): unknown {
  if (isStructure(shape)) return structureFrom(shape, branch, dialect);
  if (shape.kind === "list") return listFrom(shape, branch, member, dialect);
  if (shape.kind === "map") return mapFrom(shape, branch, member, dialect);
  return scalarFromText(shape, branch.text ?? "");
}

function listFrom(
  shape: ListShape,
  branch: Branch,
  member: Member,
  dialect: QueryDialect,
): unknown[] {
  const flat = dialect.listsAreFlat || Boolean(member.traits.xmlFlattened);
  const items = flat
    ? branch
    : (branch.children.get(shape.element.traits.xmlName ?? "member") ?? branch);
  return numbered(items).map((item) =>
    valueFrom(shape.element.shape, item, shape.element, dialect),
  );
}

function mapFrom(
  shape: MapShape,
  branch: Branch,
  member: Member,
  dialect: QueryDialect,
): Record<string, unknown> {
  const entries = member.traits.xmlFlattened ? branch : (branch.children.get("entry") ?? branch);
  const keyName = shape.key.traits.xmlName ?? "key";
  const valueName = shape.value.traits.xmlName ?? "value";
  return Object.fromEntries(
    numbered(entries).map((entry) => {
      const value = entry.children.get(valueName) ?? { children: new Map<string, Branch>() };
      return [
        entry.children.get(keyName)?.text ?? "",
        valueFrom(shape.value.shape, value, shape.value, dialect),
      ];
    }),
  );
}

/** Items in the order of their numbers; gaps do not matter. An empty list is sent as `Name=`. */
function numbered(branch: Branch): Branch[] {
  return [...branch.children]
    .filter(([name]) => /^\d+$/.test(name))
    .toSorted(([left], [right]) => Number(left) - Number(right))
    .map(([, child]) => child);
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
