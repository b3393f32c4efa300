import { type JsonObject, validationError } from "./template.ts";

/** Deeper than any template of sense, and less than what the functions that walk through one can take. */
const maxDepth = 200;

/**
 * The same document, whose sections and mappings inherit nothing: look-ups by names from a template find what is in
 * the template only. `constructor` and `toString` are good names there.
 */
export function withoutInheritance(document: unknown): unknown {
  return copyOf(document, "", 0);
}

function copyOf(value: unknown, section: string, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) {
    throw validationError(
      `Template format error: the template is nested more than ${maxDepth} levels deep.`,
    );
  }
  if (Array.isArray(value)) return value.map((item) => copyOf(item, section, depth + 1));
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    key,
    copyOf(item, depth === 0 ? key : section, depth + 1),
  ]);
  const copy: JsonObject = Object.fromEntries(entries);
  return depth < 2 || section === "Mappings" ? Object.setPrototypeOf(copy, null) : copy;
}
