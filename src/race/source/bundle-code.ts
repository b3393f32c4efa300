import { SourceMap, type SourceMapPayload } from "node:module";
import { type AnyNode, type Identifier, type Program, parse } from "acorn";
import { analyze, type Scope, type Variable } from "eslint-scope";
import type { Place } from "../finding.ts";

/** What the reading needs of a bundle: own code with its scopes, and where it came from. */
export interface BundleCode {
  /** Own statements of the top level alone: packages in the bundle are left out, and looked up by name. */
  readonly program: Program;
  /** The variable that an identifier names; undefined for globals and for names of packages in the bundle. */
  variable(identifier: Identifier): Variable | undefined;
  /** Variables of outer functions and of the module that a function uses. */
  outerVariables(node: AnyNode): readonly Variable[];
  /** The package that declared a name at the top level of the bundle, "axios" or "@aws-sdk/client-s3". */
  packageOf(name: string): string | undefined;
  place(node: AnyNode): Place;
}

export interface BundleText {
  readonly code: string;
  /** JSON of its source map. */
  readonly map?: string;
  /** Its name, for places where there is no map. */
  readonly file: string;
}

/** Fails with acorn's SyntaxError where the code is none that Node 24 would take. */
export function readBundle({ code, map, file }: BundleText): BundleCode {
  const segments = segmentsOf(code);
  const packages = new Map<string, string>();
  for (const { owner, text } of segments)
    if (owner !== undefined) for (const name of declaredIn(text)) packages.set(name, owner);
  const program = parseOwn(segments) ?? ownOf(parseAll(code), segments);
  const scopes = analyze(program as never, { ecmaVersion: 2025, sourceType: "module" });
  const { variables, outer } = resolve(scopes.scopes);
  return {
    program,
    variable: (identifier) => variables.get(identifier),
    outerVariables: (node) => outer.get(node) ?? [],
    packageOf: (name) => packages.get(name),
    place: places(code, file, map),
  };
}

/** A part of a bundle that came from one file. */
interface Segment {
  readonly from: number;
  readonly text: string;
  /** The package that it came from; undefined for the project's own code. */
  readonly owner: string | undefined;
}

/** esbuild writes the file above what comes from it. */
function segmentsOf(code: string): Segment[] {
  const marks = [
    { index: 0, name: "" },
    ...[...code.matchAll(/^\/\/ (\S.*)$/gm)].map(({ index, 1: name = "" }) => ({ index, name })),
  ];
  return marks.map(({ index, name }, number) => ({
    from: index,
    text: code.slice(index, marks[number + 1]?.index),
    owner: packageName(name),
  }));
}

/** Names that a part declares for the whole bundle: esbuild indents everything else. */
function declaredIn(text: string): string[] {
  const declarations = /^(?:async )?(?:var|let|const|class|function\*?) ([\w$]+(?:, [\w$]+)*)/gm;
  return [...text.matchAll(declarations)].flatMap(({ 1: names = "" }) => names.split(", "));
}

const parseAll = (code: string): Program =>
  parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowHashBang: true,
    ranges: true,
    allowReturnOutsideFunction: true,
  });

/** Most of a bundle is packages: without them parsing is as quick as the project is small. Offsets stay. */
function parseOwn(segments: readonly Segment[]): Program | undefined {
  const own = segments.map(({ owner, text }) =>
    owner === undefined ? text : " ".repeat(text.length),
  );
  try {
    return parseAll(own.join(""));
  } catch {
    // A line of a text that looks like a file's name, or code that is no code.
    return undefined;
  }
}

function ownOf(program: Program, segments: readonly Segment[]): Program {
  const isOwn = ({ start }: AnyNode) =>
    segments.findLast(({ from }) => from <= start)?.owner === undefined;
  return { ...program, body: program.body.filter(isOwn) };
}

const inPackage = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//;

function packageName(file: string): string | undefined {
  // Of folders inside each other the last one counts.
  return inPackage.exec(file.slice(Math.max(0, file.lastIndexOf("node_modules/"))))?.[1];
}

function resolve(scopes: readonly Scope[]) {
  const variables = new Map<unknown, Variable>();
  const outer = new Map<unknown, Variable[]>();
  for (const scope of scopes) {
    for (const variable of scope.variables)
      for (const identifier of variable.identifiers) variables.set(identifier, declared(variable));
    for (const { identifier, resolved } of scope.references)
      if (resolved) variables.set(identifier, declared(resolved));
    if (scope.type !== "function") continue;
    const used = scope.through.flatMap(({ resolved }) => resolved ?? []);
    outer.set(scope.block, [...new Set(used)]);
  }
  return { variables, outer };
}

/** A class has its name inside itself once more: that is the same. */
function declared(variable: Variable): Variable {
  const { scope, name } = variable;
  return (scope.type === "class" ? scope.upper?.set.get(name) : undefined) ?? variable;
}

function places(code: string, file: string, map: string | undefined): (node: AnyNode) => Place {
  const starts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const payload = map === undefined ? undefined : (JSON.parse(map) as SourceMapPayload);
  let sourceMap: SourceMap | undefined;
  const lines = new Map<string, readonly string[]>();
  const textOf = (source: string, line: number) => {
    const index = payload?.sources.indexOf(source) ?? -1;
    const content = index < 0 ? code : payload?.sourcesContent?.[index];
    if (!lines.has(source)) lines.set(source, content?.split("\n") ?? []);
    return lines.get(source)?.[line - 1]?.trim();
  };
  return (node) => {
    const line = starts.findLastIndex((start) => start <= node.start);
    const column = node.start - (starts[line] ?? 0);
    // Reading it takes as long as all else: only for who is accused.
    if (payload) sourceMap ??= new SourceMap(payload);
    const origin = sourceMap?.findEntry(line, column);
    const found =
      origin && "originalSource" in origin
        ? {
            file: origin.originalSource,
            line: origin.originalLine + 1,
            column: origin.originalColumn + 1,
          }
        : { file, line: line + 1, column: column + 1 };
    const text = textOf(found.file, found.line);
    return text === undefined ? found : { ...found, text };
  };
}
