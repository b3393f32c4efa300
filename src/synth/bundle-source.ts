import { createRequire } from "node:module";
import path from "node:path";
import type { BuildOptions, BuildResult, Message, Metafile } from "esbuild";
import { ExitCode, LmiError } from "../errors.ts";
import type { CodeFile } from "./code-archive.ts";
import type { BundleInput } from "./import-candidates.ts";
import { nodeMajor } from "./runtimes.ts";
import type { FunctionSettings } from "./settings.ts";

export interface Bundle {
  readonly files: readonly CodeFile[];
  /** What it was made from. */
  readonly inputs: readonly BundleInput[];
}

/**
 * Bundles a handler with everything it imports, the AWS SDK too: what was tested is what runs, whatever SDK the runtime
 * brings. The output names no absolute path, so that it is the same on every machine.
 * @param sourceRoot a URL that sources in the map are relative to, for debuggers of this machine. Nothing: none
 */
export async function bundleSource(
  entry: string,
  settings: FunctionSettings,
  projectDir: string,
  sourceRoot?: string,
): Promise<Bundle> {
  const { file, exported } = handlerParts(settings);
  const build = (chosen: BuildOptions) =>
    runEsbuild({ ...chosen, sourceRoot, absWorkingDir: projectDir }, settings.entry);

  const esm = options(entry, file, settings, projectDir, "esm");
  // The exports are known for ES modules alone, so that is also how a CommonJS bundle is looked at: without packages.
  const asked = settings.bundle.format;
  const first = await build(asked === "esm" ? esm : { ...esm, packages: "external" });
  const commonJs = inputFormat(first) === "cjs";
  if (!commonJs) assertExported(first, exported, settings.entry);
  // What CommonJS source exports by name, an ES module around it would not.
  const result =
    asked === "esm" && !commonJs
      ? first
      : await build(options(entry, file, settings, projectDir, "cjs"));
  return {
    files: result.outputFiles.map((output) => ({
      path: path.relative(projectDir, output.path).split(path.sep).join("/"),
      bytes: output.contents,
      executable: false,
    })),
    inputs: [
      // The entry itself is looked for, too.
      { file: path.join(projectDir, "package.json"), imports: [entry] },
      ...[first, result].flatMap(({ metafile }) => inputsOf(metafile, projectDir)),
    ],
  };
}

function inputsOf({ inputs }: Metafile, projectDir: string): BundleInput[] {
  return Object.entries(inputs).map(([name, { imports }]) => ({
    // What package.json switches off for a platform is an input under its name, and empty.
    file: path.resolve(projectDir, name.replace(/^\(disabled\):/, "")),
    // What was not found, and is no fault for that, stands there as external.
    imports: imports.map(({ original, path: found }) => original ?? found),
  }));
}

/** All that decides about a bundle besides the content of files. */
export function bundleKey(entry: string, settings: FunctionSettings, projectDir: string): unknown {
  const { file } = handlerParts(settings);
  const { version } = createRequire(import.meta.url)("esbuild/package.json") as { version: string };
  return {
    esbuild: version,
    handler: settings.handler,
    format: settings.bundle.format,
    esm: options(entry, file, settings, projectDir, "esm"),
    cjs: options(entry, file, settings, projectDir, "cjs"),
  };
}

function handlerParts({ handler }: FunctionSettings) {
  const dot = handler.indexOf(".");
  return { file: handler.slice(0, dot), exported: handler.slice(dot + 1) };
}

/** What a bundle is made of: esbuild's account of its inputs, by path relative to the project. */
export async function bundleInputs(
  settings: FunctionSettings,
  projectDir: string,
): Promise<Metafile["inputs"]> {
  const entry = path.resolve(projectDir, settings.entry);
  const chosen = options(entry, "entry", settings, projectDir, settings.bundle.format);
  const built = await runEsbuild({ ...chosen, absWorkingDir: projectDir }, settings.entry);
  return built.metafile.inputs;
}

type Built = BuildResult<ReturnType<typeof options>>;

async function runEsbuild(chosen: BuildOptions, entry: string): Promise<Built> {
  const { build } = await import("esbuild");
  try {
    return await build(chosen);
  } catch (error) {
    throw bundleError(error, entry);
  }
}

function inputFormat({ metafile }: Built): "cjs" | "esm" | undefined {
  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  return output?.entryPoint === undefined ? undefined : metafile.inputs[output.entryPoint]?.format;
}

function options(
  entry: string,
  file: string,
  settings: FunctionSettings,
  projectDir: string,
  format: FunctionSettings["bundle"]["format"],
) {
  const esm = format === "esm";
  return {
    entryPoints: { [file]: path.relative(projectDir, entry) },
    // Names in memory only: nothing is written here. Sources in the map stay relative to the project.
    outdir: projectDir,
    outExtension: { ".js": esm ? ".mjs" : ".cjs" },
    write: false,
    bundle: true,
    platform: "node",
    target: `node${nodeMajor(settings.runtime) ?? 24}`,
    format,
    mainFields: esm ? ["module", "main"] : ["main", "module"],
    minify: settings.bundle.minify,
    keepNames: settings.bundle.minify,
    sourcemap: settings.bundle.sourceMap ? "linked" : false,
    sourcesContent: false,
    metafile: true,
    legalComments: "none",
    charset: "utf8",
    logLevel: "silent",
    ...(esm ? { banner: { js: REQUIRE_BANNER }, define: COMMONJS_PATHS } : {}),
  } as const satisfies BuildOptions;
}

/** CommonJS packages inside an ES module still call `require` … */
const REQUIRE_BANNER = [
  'import { createRequire as __createRequire } from "node:module";',
  "const require = __createRequire(import.meta.url);",
].join("\n");
/** … and look at these, unless the code has its own. */
const COMMONJS_PATHS = { __dirname: "import.meta.dirname", __filename: "import.meta.filename" };

function assertExported({ metafile }: Built, handler: string, entry: string): void {
  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  const exported = output?.exports ?? [];
  const [name = handler] = handler.split(".");
  if (exported.includes(name)) return;
  const others = exported.filter((other) => other !== "default");
  throw new LmiError("LMI_HANDLER_NOT_EXPORTED", `${entry} does not export ${name}`, {
    why:
      exported.length === 0
        ? "It exports nothing."
        : `It exports ${exported.join(", ")}.${exported.includes("default") ? " Lambda calls no default export." : ""}`,
    next: `Write \`export const ${name} = …\`${others.length === 0 ? "" : ` or set handler to ${others.join(" or ")}`}`,
    exitCode: ExitCode.usage,
    details: { entry, handler: name, exported },
  });
}

function bundleError(error: unknown, entry: string): LmiError {
  const messages = errorsOf(error);
  const [first] = messages;
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : "";
  return new LmiError(
    "LMI_BUNDLE_FAILED",
    first ? `${place(first)}${first.text}${more}` : `${entry} does not build`,
    {
      why: messages.length === 0 ? String(error) : messages.map(layOut).join("\n"),
      exitCode: ExitCode.usage,
      details: {
        errors: messages.map(({ text, location }) => ({
          text,
          file: location?.file,
          line: location?.line,
          column: location ? location.column + 1 : undefined,
        })),
      },
      cause: error,
    },
  );
}

function errorsOf(error: unknown): readonly Message[] {
  if (typeof error !== "object" || error === null || !("errors" in error)) return [];
  return Array.isArray(error.errors) ? (error.errors as Message[]) : [];
}

function place({ location }: Message): string {
  return location ? `${location.file}:${location.line}:${location.column + 1} ` : "";
}

/** The line it is about; the first message is the headline already. */
function layOut(message: Message, index: number): string {
  const { location } = message;
  const headline = index === 0 ? "" : `${place(message)}${message.text}\n`;
  if (!location) return index === 0 ? message.text : headline;
  const line = location.lineText.replaceAll("\t", " ").trimEnd();
  return `${headline}${line}\n${" ".repeat(location.column)}^`;
}
