import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const src = resolve(import.meta.dirname, "../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

interface Import {
  /** Path below src, or a package's name. */
  readonly to: string;
  readonly dynamic: boolean;
}

const graph = new Map<string, readonly Import[]>(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): Import[] {
  // Type imports are gone at run time, and comments import nothing.
  const text = readFileSync(join(src, file), "utf8")
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
    .replaceAll(/(?:import|export) type [^;]*?from\s*"[^"]+";/g, "");
  const target = (name: string) =>
    name.startsWith(".") ? relative(src, resolve(src, dirname(file), name)) : name;
  return [
    ...[...text.matchAll(/(?:\bfrom\s*|^import\s*)"([^"]+)"/gm)].map(([, name = ""]) => ({
      to: target(name),
      dynamic: false,
    })),
    ...[...text.matchAll(/\bimport\(\s*"([^"]+)"/g)].map(([, name = ""]) => ({
      to: target(name),
      dynamic: true,
    })),
  ];
}

/** Every import, types too: a room that knows another room's types knows that room. */
function everyImport(file: string): string[] {
  const text = readFileSync(join(src, file), "utf8").replaceAll(
    /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm,
    "",
  );
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\(?\s*)"([^"]+)"/g)].map(([, name = ""]) =>
    name.startsWith(".") ? relative(src, resolve(src, dirname(file), name)) : name,
  );
}

/** room → the other rooms that it may import; these files know no room, and are open to all. */
const common = new Set([
  "errors.ts",
  "is-record.ts",
  "event-pattern-problem.ts",
  "event-pattern-arguments.ts",
]);

const allowed: Readonly<Record<string, readonly string[]>> = {
  cli: ["bench", "deploy", "aws", "local", "race", "synth", "templates"],
  // The library of `lmi bench`, not the project's own benchmarks, which are in /bench.
  bench: ["synth"],
  deploy: ["aws", "synth"],
  aws: [],
  local: [],
  race: ["local", "synth"],
  synth: [],
  templates: [],
};

const roomOf = (path: string) => path.split("/")[0] ?? "";

test.each(Object.keys(allowed))("%s imports only the rooms below it", (room) => {
  const wrong = files
    .filter((file) => roomOf(file) === room)
    .flatMap((file) =>
      everyImport(file)
        .filter((to) => to in graphOfRooms(to) && !mayImport(room, to))
        .map((to) => `${file} → ${to}`),
    );
  expect(wrong).toEqual([]);
});

function graphOfRooms(to: string): Record<string, true> {
  return graph.has(to) ? { [to]: true } : {};
}

function mayImport(room: string, to: string): boolean {
  const other = roomOf(to);
  if (common.has(to) || other === room) return true;
  // How the local target is found and started is the command line's business; a clock is everybody's.
  return allowed[room]?.includes(other) ?? false;
}

describe("heavy packages stay where they belong", () => {
  const onlyIn: readonly (readonly [name: string, pattern: RegExp, rooms: RegExp])[] = [
    ["the CDK toolkit library", /^@aws-cdk\/toolkit-lib/, /^deploy\//],
    ["aws-cdk-lib", /^aws-cdk-lib|^constructs$/, /^synth\//],
    ["AWS clients", /^@aws-sdk\/client-/, /^(aws|local)\//],
    ["prompts", /^@inquirer\//, /^cli\/terminal-prompter\.ts$/],
    ["colours and spinners", /^(chalk|ora)$/, /^cli\/output\//],
    ["commander", /^commander$/, /^cli\//],
    [
      "parsers of JavaScript",
      /^(acorn|eslint-scope|magic-string|@jridgewell\/.*)$/,
      /^race\/(source|run)\//,
    ],
    ["what makes events of a schema", /^json-schema-faker$/, /^race\/generate\//],
  ];
  test.each(onlyIn)("%s", (_name, pattern, rooms) => {
    const wrong = files
      .filter((file) => !rooms.test(file))
      .flatMap((file) =>
        everyImport(file)
          .filter((to) => pattern.test(to))
          .map((to) => `${file} → ${to}`),
      );
    expect(wrong).toEqual([]);
  });
});

test("no import cycles", () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const { to, dynamic } of graph.get(file) ?? []) {
      if (!dynamic && graph.has(to)) visit(to, [...path, file]);
    }
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

const heavy =
  /^(@aws-sdk|@smithy|@aws-cdk|aws-cdk-lib|constructs|esbuild|zod|@inquirer|chalk|ora|yaml|jsonc-parser|acorn|eslint-scope|json-schema-faker|magic-string|@jridgewell)(\/|$)/;

/** What starting at these files loads, following static imports alone. */
function loadedBy(...entries: readonly string[]): string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { to, dynamic } of graph.get(file) ?? []) if (!dynamic) visit(to);
  };
  for (const entry of entries) visit(entry);
  return [...seen];
}

test("lmi --version loads no package at all", () => {
  expect(loadedBy("cli/main.ts").filter((to) => !graph.has(to) && !to.startsWith("node:"))).toEqual(
    [],
  );
});

test("lmi --help, and the ways to an error, load commander alone", () => {
  const loaded = loadedBy("cli/run-command-line.ts", "cli/connect-target.ts");
  expect(loaded.filter((to) => heavy.test(to))).toEqual([]);
  expect(loaded).toContain("commander");
});

test.each([
  "invoke",
  "logs",
  "status",
  "local",
  "init",
  "dev",
  "completion",
  "explain",
  "synth",
  "validate",
  "cost",
  "doctor",
  "eject",
  "versions",
  "list",
  "pause",
  "resume",
  "push",
  "rollback",
  "race",
  "bench",
])("declaring lmi %s loads nothing heavy", (command) => {
  expect(loadedBy(`cli/commands/${command}.ts`).filter((to) => heavy.test(to))).toEqual([]);
});

test("only the live system reads the process, and the processes that local and race start", () => {
  const readers = files.filter((file) =>
    everyImport(file).some((to) => /^(node:)?process$/.test(to)),
  );
  // sqlite.ts keeps Node's warning about its SQLite quiet, which nothing but the process can do.
  const known = new Set(["cli/live-system.ts", "local/sqlite.ts"]);
  const others = readers.filter((file) => !/^(local\/runtime|race\/run\/worker)\//.test(file));
  expect(others.filter((file) => !known.has(file))).toEqual([]);
});
