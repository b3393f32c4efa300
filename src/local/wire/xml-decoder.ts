import { XmlShapeDeserializer } from "@aws-sdk/core/protocols";
import { ServiceError } from "../service-error.ts";
import { scalarFromText } from "./scalar-text.ts";
import {
  isStructure,
  type ListShape,
  type MapShape,
  type Member,
  type Shape,
  type Structure,
} from "./shape.ts";

/** What the SDK's XML parser makes of a document: text, an object of children, or a list of same-named children. */
type Node = string | readonly Node[] | { readonly [name: string]: Node };

/** The SDK's parser knows entities and CDATA, and takes neither external entities nor expansions. */
class XmlParser extends XmlShapeDeserializer {
  parse(text: string): Node {
    return this.parseXml(text) as Node;
  }
}

const parser = new XmlParser({
  xmlNamespace: "",
  serviceNamespace: "",
  timestampFormat: { useTrait: true, default: 5 },
});

/** Reads an XML document, whatever its root element is called, into the SDK's form of a shape. */
export function decodeXml(shape: Shape, text: string): unknown {
  if (text.length > maxDocument) throw tooBig();
  try {
    return fromNode(shape, parser.parse(text));
  } catch {
    // Not well-formed, nested beyond the parser's reach, or a number that is none.
    throw malformed();
  }
}

/** S3 knows documents of 10,000 parts with their checksums; all others are shorter. */
const maxDocument = 4 * 1024 * 1024;

/** Source of codes and texts: Amazon S3 API reference, "Error responses: list of error codes". */
const malformed = () =>
  new ServiceError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    { status: 400 },
  );
const tooBig = () =>
  new ServiceError("MaxMessageLengthExceeded", "Your request was too big.", { status: 400 });

function fromNode(shape: Shape, node: Node): unknown {
  if (isStructure(shape)) return structureFromNode(shape, node);
  if (shape.kind === "list")
    return listFromNode(shape, childrenOf(node)[shape.element.traits.xmlName ?? "member"]);
  if (shape.kind === "map") return mapFromNode(shape, childrenOf(node)["entry"]);
  return scalarFromText(shape, textOf(node));
}

function structureFromNode(shape: Structure, node: Node): Record<string, unknown> {
  const children = childrenOf(node);
  const result: Record<string, unknown> = {};
  for (const member of shape.members) {
    const child = children[member.traits.xmlName ?? member.name];
    if (child !== undefined) result[member.name] = memberFromNode(member, child);
  }
  return result;
}

function memberFromNode(member: Member, node: Node): unknown {
  if (member.traits.xmlFlattened && member.shape.kind === "list")
    return listFromNode(member.shape, node);
  if (member.traits.xmlFlattened && member.shape.kind === "map")
    return mapFromNode(member.shape, node);
  return fromNode(member.shape, node);
}

function listFromNode(shape: ListShape, items: Node | undefined): unknown[] {
  return asArray(items).map((item) => fromNode(shape.element.shape, item));
}

function mapFromNode(shape: MapShape, entries: Node | undefined): Record<string, unknown> {
  const keyName = shape.key.traits.xmlName ?? "key";
  const valueName = shape.value.traits.xmlName ?? "value";
  return Object.fromEntries(
    asArray(entries).map((entry) => {
      const children = childrenOf(entry);
      return [
        textOf(children[keyName] ?? ""),
        fromNode(shape.value.shape, children[valueName] ?? ""),
      ];
    }),
  );
}

function asArray(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return Array.isArray(node) ? (node as readonly Node[]) : [node];
}

function childrenOf(node: Node): { readonly [name: string]: Node } {
  return typeof node === "object" && !Array.isArray(node)
    ? (node as { readonly [name: string]: Node })
    : {};
}

function textOf(node: Node): string {
  if (typeof node === "string") return node;
  const text = childrenOf(node)["#text"];
  return typeof text === "string" ? text : "";
}
