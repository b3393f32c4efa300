import type { Finding, Place } from "../finding.ts";
import { type Package, libraryFindings } from "./library-findings.ts";

/** A file of a project that names its libraries. */
export interface Manifest {
  /** Relative to the project: "requirements.txt", "src/App.csproj". */
  readonly file: string;
  readonly text: string;
}

type Read = (manifest: Manifest) => Package[];

/** How such files are called; the command looks for them beside the function's code. */
const readers: readonly (readonly [name: RegExp, read: Read])[] = [
  [/(?:^|\/)requirements[^/]*\.txt$/, requirements],
  [/(?:^|\/)pyproject\.toml$/, pyproject],
  [/(?:^|\/)pom\.xml$/, pom],
  [/\.csproj$/, csproj],
  [/(?:^|\/)Cargo\.toml$/, cargo],
];

/** Whether a file is one that `manifestFindings` reads. */
export function isManifest(file: string): boolean {
  return readers.some(([name]) => name.test(file));
}

/** Libraries of Python, Java, .NET and Rust whose versions are known to be too old. What no version is written for is not told. */
export function manifestFindings(manifests: readonly Manifest[]): Finding[] {
  const packages = manifests.flatMap((manifest) => {
    const read = readers.find(([name]) => name.test(manifest.file))?.[1];
    return read?.(manifest) ?? [];
  });
  return [...libraryFindings(packages), ...manifests.flatMap(rustWithoutFeature)];
}

function placeAt({ file, text }: Manifest, index: number): Place {
  const before = text.slice(0, index).split("\n");
  const line = before.length;
  return {
    file,
    line,
    column: (before.at(-1)?.length ?? 0) + 1,
    text: text.split("\n")[line - 1]?.trim() ?? "",
  };
}

function requirements(manifest: Manifest): Package[] {
  const lines = /^[ \t]*([\w.-]+)[ \t]*(?:\[[^\]]*\])?[ \t]*(==|>=|~=)[ \t]*([\d.]+)/gm;
  return python(manifest, lines);
}

/** Both `"name>=1.2"` in a list and Poetry's `name = "^1.2"`. */
function pyproject(manifest: Manifest): Package[] {
  const listed = /["']([\w.-]+)(?:\[[^\]]*\])?[ ]*(==|>=|~=)[ ]*([\d.]+)/g;
  const poetry = /^([\w.-]+)[ ]*=[ ]*(?:\{[^}\n]*version[ ]*=[ ]*)?["'](==|\^|~|>=)?([\d.]+)/gm;
  return [...python(manifest, listed), ...python(manifest, poetry)];
}

function python(manifest: Manifest, pattern: RegExp): Package[] {
  return [...manifest.text.matchAll(pattern)].map(
    ({ index, 1: name = "", 2: operator, 3: version = "" }) => ({
      ecosystem: "pypi",
      name: name.toLowerCase().replaceAll(/[_.]/g, "-"),
      version,
      atLeast: operator !== "==" && operator !== undefined,
      place: placeAt(manifest, index),
    }),
  );
}

function pom(manifest: Manifest): Package[] {
  const { text } = manifest;
  return [...text.matchAll(/<dependency>[\s\S]*?<\/dependency>/g)].flatMap(
    ({ index, 0: block }) => {
      const [group, artifact, written] = ["groupId", "artifactId", "version"].map((tag) =>
        elementText(block, tag),
      );
      const property = written && /^\$\{(.+)\}$/.exec(written)?.[1];
      const version = property ? elementText(text, property) : written;
      if (!version || !/^\d/.test(version)) return [];
      return [
        {
          ecosystem: "maven" as const,
          name: `${group}:${artifact}`,
          version,
          place: placeAt(manifest, index),
        },
      ];
    },
  );
}

function elementText(text: string, tag: string): string | undefined {
  const begin = text.indexOf(`<${tag}>`);
  const end = text.indexOf(`</${tag}>`, begin);
  return begin < 0 || end < 0 ? undefined : text.slice(begin + tag.length + 2, end).trim();
}

function csproj(manifest: Manifest): Package[] {
  const references = /<PackageReference\s[^>]*?Include="([^"]+)"[^>]*?Version="\[?([\d.]+)/g;
  return [...manifest.text.matchAll(references)].map(
    ({ index, 1: name = "", 2: version = "" }) => ({
      ecosystem: "nuget",
      name,
      version,
      place: placeAt(manifest, index),
    }),
  );
}

const rustRuntime = /^lambda_runtime[ ]*=[ ]*(?:"[\^~=]?([\d.]+)"|\{([^}\n]*)\})/gm;

function cargo(manifest: Manifest): Package[] {
  return [...manifest.text.matchAll(rustRuntime)].flatMap(
    ({ index, 0: line, 1: plain, 2: table = "" }) => {
      const version = plain ?? /version[ ]*=[ ]*"[\^~=]?([\d.]+)"/.exec(table)?.[1];
      if (version === undefined) return [];
      // "1.0" is any 1.x: Cargo.lock has the one that is built.
      return [
        {
          ecosystem: "cargo" as const,
          name: "lambda_runtime",
          version,
          atLeast: !line.includes('"='),
          place: placeAt(manifest, index),
        },
      ];
    },
  );
}

/** Without the feature, the runtime takes one request at a time. */
function rustWithoutFeature(manifest: Manifest): Finding[] {
  if (!manifest.file.endsWith("Cargo.toml")) return [];
  return [...manifest.text.matchAll(rustRuntime)]
    .filter(({ 0: line }) => !line.includes("concurrency-tokio"))
    .map(({ index, 0: line }) => ({
      kind: "library-version",
      by: "source",
      verdict: "suspicious",
      what: "lambda_runtime is used without its feature concurrency-tokio",
      why: "Without run_concurrent, which the feature brings, an environment takes one request at a time, whatever concurrency the settings say.",
      mend: 'lambda_runtime = { version = "1.1.1", features = ["concurrency-tokio"] }, and run_concurrent in main.',
      place: placeAt(manifest, index),
      evidence: [line],
    }));
}
