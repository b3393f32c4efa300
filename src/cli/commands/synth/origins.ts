import type { LoadedSettings } from "../../config/load-settings.ts";

/** By dotted path: the value in force, and where it came from. */
export type SettingOrigins = Readonly<
  Record<string, { readonly value: unknown; readonly origin: string }>
>;

export function originsOf({ settings, origins }: LoadedSettings): SettingOrigins {
  return Object.fromEntries(
    Object.entries(origins).map(([path, origin]) => [
      path,
      { value: shown(settings, path), origin },
    ]),
  );
}

/** Texts of environment variables may be secrets, and who asks for origins need not see them. References are none. */
function shown(settings: object, path: string): unknown {
  if (path === "stack") return "(a function)";
  const value = valueAt(settings, path);
  const isText = typeof value !== "object";
  const mayBeSecret = isText
    ? /^functions\..+\.environment\.[^.]+$|^(overrides|resources)\..+\.Environment\./
    : /^(overrides|resources)\..+\.Environment\./;
  return mayBeSecret.test(path) ? "(not shown)" : value;
}

/** Keys may hold dots themselves (tags), so the longest key that fits is followed. */
function valueAt(value: unknown, path: string): unknown {
  if (path === "") return value;
  if (typeof value !== "object" || value === null) return undefined;
  const fitting = Object.entries(value)
    .filter(([key]) => path === key || path.startsWith(`${key}.`))
    .toSorted(([a], [b]) => b.length - a.length);
  const [next] = fitting;
  return next && valueAt(next[1], path.slice(next[0].length + 1));
}

export function renderOrigins(origins: SettingOrigins): string {
  const rows = Object.entries(origins).map(([path, { value, origin }]) => [
    path,
    text(value),
    origin,
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [first, second] = [width(0), width(1)];
  return rows
    .map(
      ([path = "", value = "", origin]) =>
        `${path.padEnd(first)}  ${value.padEnd(second)}  ${origin}`,
    )
    .join("\n");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
