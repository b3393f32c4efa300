import { defaultFunctionName } from "../../synth/default-names.ts";
import { isTree, type Layer, type Tree, treeAt } from "./layers.ts";
import { nearest } from "../../synth/nearest.ts";
import type { Problem } from "./problem.ts";
import type { SettingFlag } from "./setting-flag.ts";
import { settingFlags, type SettingFlagValues } from "./setting-flags.ts";

export interface FlagLayers {
  /** Environment variables, then flags: a flag wins. */
  readonly layers: readonly Layer[];
  readonly problems: readonly Problem[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What environment variables and flags set, over what the files say. */
export function flagLayers(
  flags: SettingFlagValues,
  env: Environment,
  file: Tree,
  hasFile: boolean,
): FlagLayers {
  const given = [...fromEnvironment(env), ...fromFlags(flags)];
  const selector = given.findLast(({ flag }) => flag.scope === "selector");
  const functionSettings = given.filter(({ flag }) => flag.scope === "function");
  const selected = selectFunction(file, hasFile, selector, functionSettings);
  if (typeof selected !== "string") return { layers: projectLayers(given), problems: [selected] };
  const layers: Layer[] = [];
  const problems: Problem[] = [];
  for (const one of given.filter(({ flag }) => flag.scope !== "selector")) {
    const path =
      one.flag.scope === "function" ? ["functions", selected, ...one.flag.path] : one.flag.path;
    const value = parseValue(one);
    if (value instanceof MalformedEntry) problems.push(value.problem(path, one.origin));
    else layers.push({ values: treeAt(path, value), origin: one.origin });
  }
  // Naming a function is enough to have it, when there is no file that could name another one.
  if (selector && !hasFile)
    layers.unshift({ values: { functions: { [selected]: {} } }, origin: selector.origin });
  return { layers, problems };
}

interface Given {
  readonly flag: SettingFlag;
  readonly value: string | boolean | readonly string[];
  readonly origin: string;
}

function fromEnvironment(env: Environment): Given[] {
  return settingFlags.flatMap((flag) => {
    const value = flag.variable === undefined ? undefined : env[flag.variable];
    return value === undefined || value === ""
      ? []
      : [{ flag, value, origin: flag.variable ?? "" }];
  });
}

function fromFlags(flags: SettingFlagValues): Given[] {
  return settingFlags.flatMap((flag) => {
    const value = flags[flag.attribute];
    return value === undefined
      ? []
      : [{ flag, value, origin: flag.flags.split(" ")[0] ?? flag.flags }];
  });
}

function projectLayers(given: readonly Given[]): Layer[] {
  return given
    .filter(({ flag }) => flag.scope === "project")
    .flatMap((one) => {
      const value = parseValue(one);
      return value instanceof MalformedEntry
        ? []
        : [{ values: treeAt(one.flag.path, value), origin: one.origin }];
    });
}

/** The function that function settings mean, or why that is not clear. */
function selectFunction(
  file: Tree,
  hasFile: boolean,
  selector: Given | undefined,
  functionSettings: readonly Given[],
): string | Problem {
  const functions = file["functions"];
  const names =
    isTree(functions) && Object.keys(functions).length > 0
      ? Object.keys(functions)
      : [defaultFunctionName];
  if (selector) {
    const name = String(selector.value);
    if (!hasFile || names.includes(name)) return name;
    const guess = nearest(name, names);
    return {
      path: "functions",
      value: name,
      origin: selector.origin,
      code: "function-unknown",
      message: `is none of the functions: ${names.join(", ")}`,
      hint: guess === undefined ? undefined : `did you mean ${guess}?`,
    };
  }
  const [first, ...others] = names;
  const [setting] = functionSettings;
  if (others.length === 0 || !setting) return first ?? defaultFunctionName;
  return {
    path: "functions",
    value: undefined,
    origin: setting.origin,
    code: "function-ambiguous",
    message: `${setting.origin} could mean any of: ${names.join(", ")}`,
    hint: `add --function ${first}`,
  };
}

class MalformedEntry {
  readonly #entry: string;

  constructor(entry: string) {
    this.#entry = entry;
  }

  /** The text may be a secret without its key, so only its start up to the first = is repeated, and there is none. */
  problem(path: readonly string[], origin: string): Problem {
    return {
      path: path.join("."),
      value: undefined,
      origin,
      code: "entry-malformed",
      message: `must be KEY=VALUE; one value has ${this.#entry.startsWith("=") ? "no key" : "no ="}`,
      hint: undefined,
    };
  }
}

function parseValue({ flag, value }: Given): unknown {
  const texts = Array.isArray(value) ? value.map(String) : [String(value)];
  const last = texts.at(-1) ?? "";
  switch (flag.kind) {
    case "string":
      return last;
    case "integer":
      // Anything else stays text: the schema then says what it should be, together with all other problems.
      return /^[+-]?\d+(\.\d+)?$/.test(last.trim()) ? Number(last) : last;
    case "boolean":
      return parseBoolean(value);
    case "list":
      return texts
        .flatMap((text) => text.split(",").map((item) => item.trim()))
        .filter((item) => item !== "");
    case "entries":
      return parseEntries(texts);
    default:
      return last;
  }
}

function parseBoolean(value: Given["value"]): unknown {
  if (typeof value === "boolean") return value;
  const text = String(value).toLowerCase();
  if (text === "1" || text === "true") return true;
  return text === "0" || text === "false" ? false : value;
}

function parseEntries(texts: readonly string[]): Tree | MalformedEntry {
  const malformed = texts.find((text) => text.indexOf("=") < 1);
  if (malformed !== undefined) return new MalformedEntry(malformed);
  return Object.fromEntries(
    texts.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]),
  );
}
