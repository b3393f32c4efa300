import { scalarToText } from "./scalar-text.ts";
import type { ListShape, MapShape, Member, Shape, Structure } from "./shape.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#xD;",
};

/** Characters that XML 1.0 cannot carry at all become the replacement character. */
// oxlint-disable-next-line no-control-regex -- exactly the control characters are meant
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

export function escapeXml(text: string): string {
  return text
    .replace(forbidden, "\uFFFD")
    .replace(/[&<>"'\r]/g, (character) => escapes[character] ?? character);
}

export function element(name: string, content: string, attributes = ""): string {
  const tag = name.split(" ", 1)[0];
  return content === "" ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${tag}>`;
}

/** The members of a structure as XML elements, without the structure's own element. */
export function encodeMembers(shape: Structure, value: Record<string, unknown>): string {
  let xml = "";
  for (const member of shape.members) {
    const item = value[member.name];
    if (item !== undefined && item !== null && !member.traits.xmlAttribute)
      xml += encodeMember(member, item);
  }
  return xml;
}

function encodeMember(member: Member, value: unknown): string {
  const name = member.traits.xmlName ?? member.name;
  const { shape } = member;
  const flattened = Boolean(member.traits.xmlFlattened);
  if (shape.kind === "list") return encodeList(shape, value as readonly unknown[], name, flattened);
  if (shape.kind === "map")
    return encodeMap(shape, value as Record<string, unknown>, name, flattened);
  return encodeElement(name, shape, value, member);
}

function encodeElement(name: string, shape: Shape, value: unknown, member?: Member): string {
  if (shape.kind === "structure" || shape.kind === "union") {
    const record = value as Record<string, unknown>;
    return element(name, encodeMembers(shape, record), attributesOf(shape, record, member));
  }
  if (shape.kind === "list") return encodeList(shape, value as readonly unknown[], name, false);
  if (shape.kind === "map") return encodeMap(shape, value as Record<string, unknown>, name, false);
  return element(name, escapeXml(scalarToText(shape, value, "date-time")));
}

function attributesOf(
  shape: Structure,
  value: Record<string, unknown>,
  member: Member | undefined,
): string {
  const namespace = member?.traits.xmlNamespace;
  let text = namespace ? ` xmlns${namespace[0] ? `:${namespace[0]}` : ""}="${namespace[1]}"` : "";
  for (const attribute of shape.members) {
    const item = value[attribute.name];
    if (attribute.traits.xmlAttribute && item !== undefined) {
      text += ` ${attribute.traits.xmlName ?? attribute.name}="${escapeXml(scalarToText(attribute.shape, item, "date-time"))}"`;
    }
  }
  return text;
}

function encodeList(
  shape: ListShape,
  items: readonly unknown[],
  name: string,
  flattened: boolean,
): string {
  const itemName = flattened ? name : (shape.element.traits.xmlName ?? "member");
  const content = items.map((item) => encodeElement(itemName, shape.element.shape, item)).join("");
  if (flattened) return content;
  return `<${name}>${content}</${name}>`;
}

function encodeMap(
  shape: MapShape,
  map: Record<string, unknown>,
  name: string,
  flattened: boolean,
): string {
  const keyName = shape.key.traits.xmlName ?? "key";
  const valueName = shape.value.traits.xmlName ?? "value";
  const entries = Object.entries(map).filter(([, value]) => value !== undefined && value !== null);
  const content = entries
    .map(([key, value]) =>
      element(
        flattened ? name : "entry",
        element(keyName, escapeXml(key)) + encodeElement(valueName, shape.value.shape, value),
      ),
    )
    .join("");
  return flattened ? content : element(name, content);
}
