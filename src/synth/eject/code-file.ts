import type { FunctionSettings } from "../settings.ts";
import { nodeMajor } from "../runtimes.ts";
import { type Code, quoted } from "./code.ts";

/** Where a function's code comes from in the ejected project. */
export type CodePlan =
  | { readonly kind: "bundle"; readonly format: "cjs" | "esm" }
  /** A ready-made folder, archive or executable, relative to the project. */
  | { readonly kind: "executable" | "folder" | "zip"; readonly path: string };

/** The function of code.ts that uploads it. */
export function codeFunction({ kind }: CodePlan): string {
  return functions[kind];
}

const functions = {
  bundle: "bundle",
  executable: "uploadExecutable",
  folder: "uploadFolder",
  zip: "uploadZip",
} as const;

export function codeCall(plan: CodePlan, own: FunctionSettings): Code {
  const callee = codeFunction(plan);
  if (plan.kind !== "bundle") return { callee, arguments: ["stack", quoted(plan.path)] };
  const file = own.handler.slice(0, own.handler.indexOf("."));
  const { minify, sourceMap } = own.bundle;
  const options: [string, Code][] = [
    ["entryPoints", { members: [[file, quoted(own.entry)]] }],
    ["target", quoted(`node${nodeMajor(own.runtime) ?? 24}`)],
    ["format", quoted(plan.format)],
    ...(minify
      ? ([
          ["minify", "true"],
          ["keepNames", "true"],
        ] satisfies [string, Code][])
      : []),
    ...(sourceMap ? ([["sourcemap", quoted("linked")]] satisfies [string, Code][]) : []),
  ];
  return { callee, arguments: ["stack", { members: options }] };
}

/** code.ts with what the plans need of it. */
export function codeFile(plans: readonly CodePlan[]): string {
  const formats = plans.flatMap((plan) => (plan.kind === "bundle" ? [plan.format] : []));
  const kinds = new Set(plans.map(({ kind }) => kind));
  return [
    imports(kinds),
    `/** Folder of package.json. */\nconst project = path.resolve(import.meta.dirname, "..");\n`,
    kinds.has("bundle") ? bundle(new Set(formats)) : "",
    kinds.has("folder") ? uploadFolder : "",
    kinds.has("executable") ? uploadExecutable : "",
    kinds.has("zip") ? uploadZip : "",
    kinds.has("bundle") || kinds.has("executable") ? uploadFiles : "",
    kinds.size === 1 && kinds.has("zip") ? "" : contentHash,
    kinds.has("folder") ? readFolder : "",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function imports(kinds: ReadonlySet<CodePlan["kind"]>): string {
  const folder = kinds.has("folder");
  const files = [
    ...(kinds.has("zip") ? ["copyFileSync"] : []),
    ...(kinds.size === 1 && folder ? [] : ["mkdirSync"]),
    ...(folder ? ["readdirSync"] : []),
    ...(kinds.size === 1 && kinds.has("bundle") ? [] : ["readFileSync"]),
    ...(folder ? ["statSync"] : []),
    ...(kinds.has("bundle") || kinds.has("executable") ? ["writeFileSync"] : []),
  ];
  return `import { createHash } from "node:crypto";
import { ${files.join(", ")} } from "node:fs";
import path from "node:path";
import { type FileAssetLocation, FileAssetPackaging, type Stack, Stage } from "aws-cdk-lib";
${kinds.has("bundle") ? 'import { type BuildOptions, buildSync } from "esbuild";\n' : ""}`;
}

function bundle(formats: ReadonlySet<"cjs" | "esm">): string {
  return `/** What bundles of all functions have in common. */
const common = {
  absWorkingDir: project,
  outdir: project,
  // Files are written below, to a folder that is named by their content.
  write: false,
  bundle: true,
  platform: "node",
  sourcesContent: false,
  legalComments: "none",
  charset: "utf8",
} as const satisfies BuildOptions;

const formats: Readonly<Record<string, BuildOptions>> = {
${formats.has("esm") ? esm : ""}${formats.has("cjs") ? cjs : ""}};

/** Bundles a handler with everything it imports, and uploads that when the stack is deployed. */
export function bundle(stack: Stack, options: BuildOptions): FileAssetLocation {
  const { outputFiles } = buildSync({
    ...common,
    ...formats[options.format ?? ""],
    ...options,
    write: false,
  });
  const files = outputFiles.map(({ path: file, contents }) => ({
    name: path.basename(file),
    contents,
    executable: false,
  }));
  return uploadFiles(stack, files);
}
`;
}

const esm = `  esm: {
    outExtension: { ".js": ".mjs" },
    mainFields: ["module", "main"],
    // CommonJS packages inside an ES module still call \`require\`, and look at these paths.
    banner: {
      js: [
        'import { createRequire as __createRequire } from "node:module";',
        "const require = __createRequire(import.meta.url);",
      ].join("\\n"),
    },
    define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
  },
`;

const cjs = `  cjs: { outExtension: { ".js": ".cjs" }, mainFields: ["main", "module"] },
`;

const uploadFolder = `/** Uploads a ready-made folder as it is. */
export function uploadFolder(stack: Stack, folder: string): FileAssetLocation {
  const source = path.resolve(project, folder);
  return stack.synthesizer.addFileAsset({
    fileName: path.relative(Stage.of(stack)?.outdir ?? "", source),
    sourceHash: contentHash(readFolder(source)),
    packaging: FileAssetPackaging.ZIP_DIRECTORY,
  });
}
`;

const uploadExecutable = `/** Uploads a single executable: a function that brings its own runtime. */
export function uploadExecutable(stack: Stack, file: string): FileAssetLocation {
  const contents = readFileSync(path.resolve(project, file));
  return uploadFiles(stack, [{ name: "bootstrap", contents, executable: true }]);
}
`;

const uploadFiles = `function uploadFiles(stack: Stack, files: readonly CodeFile[]): FileAssetLocation {
  const sourceHash = contentHash(files);
  const fileName = \`code.\${sourceHash}\`;
  const folder = path.join(Stage.of(stack)?.outdir ?? "", fileName);
  mkdirSync(folder, { recursive: true });
  for (const { name, contents, executable } of files) {
    writeFileSync(path.join(folder, name), contents, { mode: executable ? 0o755 : 0o644 });
  }
  const packaging = FileAssetPackaging.ZIP_DIRECTORY;
  return stack.synthesizer.addFileAsset({ fileName, sourceHash, packaging });
}
`;

const uploadZip = `/** Uploads a ready-made .zip or .jar as it is. */
export function uploadZip(stack: Stack, file: string): FileAssetLocation {
  const source = path.resolve(project, file);
  const sourceHash = createHash("sha256").update(readFileSync(source)).digest("hex");
  const fileName = \`code.\${sourceHash}.zip\`;
  const outdir = Stage.of(stack)?.outdir ?? "";
  mkdirSync(outdir, { recursive: true });
  copyFileSync(source, path.join(outdir, fileName));
  return stack.synthesizer.addFileAsset({
    fileName,
    sourceHash,
    packaging: FileAssetPackaging.FILE,
  });
}
`;

const contentHash = `interface CodeFile {
  readonly name: string;
  readonly contents: Uint8Array;
  readonly executable: boolean;
}

/** Decided by the files alone: the same on every machine, so that the same code is not deployed again. */
function contentHash(files: readonly CodeFile[]): string {
  const hash = createHash("sha256").update("1");
  for (const file of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name, contents, executable } = file;
    hash.update(\`\\0\${name}\\0\${executable ? "x" : "-"}\${contents.length}\\0\`).update(contents);
  }
  return hash.digest("hex");
}
`;

const readFolder = `function readFolder(folder: string): CodeFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const file = path.join(folder, name);
    const stats = statSync(file);
    if (!stats.isFile()) return [];
    const executable = (stats.mode & 0o111) !== 0;
    return [{ name: name.split(path.sep).join("/"), contents: readFileSync(file), executable }];
  });
}
`;
