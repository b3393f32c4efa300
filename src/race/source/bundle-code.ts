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
  const whole = parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowHashBang: true,
    ranges: true,
    allowReturnOutsideFunction: true,
  });
  const packages = new Map<string, string>();
  const owner = owners(code);
  const body = whole.body.filter((statement) => {
    const name = packageName(wrapped(statement) ?? owner(statement.start));
    if (name === undefined) return true;
    for (const declared of declaredNames(statement)) packages.set(declared, name);
    return false;
  });
  const program: Program = { ...whole, body };
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

/** esbuild writes the file above what comes from it. */
function owners(code: string): (offset: number) => string | undefined {
  const marks = [...code.matchAll(/^\/\/ (\S.*)$/gm)].map(({ index, 1: name = "" }) => ({
    index,
    name,
  }));
  return (offset) => marks.findLast(({ index }) => index <= offset)?.name;
}

const inPackage = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//;

function packageName(file: string | undefined): string | undefined {
  // Of folders inside each other the last one counts.
  const rest = file?.slice(Math.max(0, file.lastIndexOf("node_modules/")));
  return rest === undefined ? undefined : inPackage.exec(rest)?.[1];
}

/** The file of a module that esbuild wraps into a function: `__commonJS({ "src/a.js"(exports) { … } })`. */
function wrapped(statement: AnyNode): string | undefined {
  if (statement.type !== "VariableDeclaration") return undefined;
  const init = statement.declarations[0]?.init;
  const argument = init?.type === "CallExpression" ? init.arguments[0] : undefined;
  const property = argument?.type === "ObjectExpression" ? argument.properties[0] : undefined;
  if (property?.type !== "Property" || property.key.type !== "Literal") return undefined;
  return typeof property.key.value === "string" ? property.key.value : undefined;
}

function declaredNames(statement: AnyNode): string[] {
  if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration")
    return statement.id ? [statement.id.name] : [];
  if (statement.type !== "VariableDeclaration") return [];
  return statement.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
}

function resolve(scopes: readonly Scope[]) {
  const variables = new Map<unknown, Variable>();
  const outer = new Map<unknown, Variable[]>();
  for (const scope of scopes) {
    for (const variable of scope.variables)
      for (const identifier of variable.identifiers) variables.set(identifier, variable);
    for (const { identifier, resolved } of scope.references)
      if (resolved) variables.set(identifier, resolved);
    if (scope.type !== "function") continue;
    const used = scope.through.flatMap(({ resolved }) => resolved ?? []);
    outer.set(scope.block, [...new Set(used)]);
  }
  return { variables, outer };
}

function places(code: string, file: string, map: string | undefined): (node: AnyNode) => Place {
  const starts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const payload = map === undefined ? undefined : (JSON.parse(map) as SourceMapPayload);
  const sourceMap = payload && new SourceMap(payload);
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
