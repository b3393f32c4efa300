import { ExitCode, LmiError } from "../../errors.ts";

/** Deeper than any settings; what refers to itself is infinitely deep. */
const deepest = 100;

/**
 * What code gives as settings, as JSON would hold it: without what is undefined. Fails with LMI_CONFIG_EXPORT where there
 * is something that JSON cannot say, such as a function, a date or a number that is none.
 */
export function plainSettings(
  content: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  return members(content, [], name);
}

function members(value: object, path: readonly string[], name: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, plain(inner, [...path, key], name)]),
  );
}

function plain(value: unknown, path: readonly string[], name: string): unknown {
  if (path.length > deepest) throw notPlain("is nested without end", path.slice(0, 5), name);
  if (Array.isArray(value)) {
    return value.map((inner: unknown, index) => plain(inner, [...path, String(index)], name));
  }
  if (typeof value === "object" && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      throw notPlain(`is a ${value.constructor.name}`, path, name);
    return members(value, path, name);
  }
  const isJson = value === null || ["string", "boolean"].includes(typeof value);
  if (isJson || (typeof value === "number" && Number.isFinite(value))) return value;
  throw notPlain(`is ${typeof value === "number" ? value : `a ${typeof value}`}`, path, name);
}

function notPlain(what: string, path: readonly string[], name: string): LmiError {
  return new LmiError("LMI_CONFIG_EXPORT", `${path.join(".")} of ${name} ${what}.`, {
    why: "Settings are what JSON can hold: text, numbers, true and false, null, lists, objects.",
    exitCode: ExitCode.usage,
  });
}
