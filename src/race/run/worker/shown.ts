/** Characters of a value that are kept. */
const maxShown = 2000;

/** A value as text, to find another request's marks in it and to show it. Never throws. */
export function shown(value: unknown): string {
  if (typeof value === "string") return value.slice(0, maxShown);
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return json(value).slice(0, maxShown);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function json(value: object): string {
  if (value instanceof Map || value instanceof Set) return JSON.stringify([...value].slice(0, 20));
  if (value instanceof Promise) return "a promise";
  if (Array.isArray(value)) return JSON.stringify(value.slice(-20));
  return JSON.stringify(value) ?? "undefined";
}
