import type { Language } from "./catalogue.ts";
import type { ScaffoldAnswers } from "./scaffold-answers.ts";

type Replacement = readonly [from: string, to: string];
type Chosen = Pick<ScaffoldAnswers, "runtime" | "architecture">;

/** The files that say for what a project is built. */
const building = /^lmi\.json$|^pom\.xml$|\.csproj$/;

/** Templates are written for the newest runtime and x86_64; what another choice reads instead. */
const replacements: Readonly<Partial<Record<Language, (chosen: Chosen) => Replacement[]>>> = {
  java: ({ runtime }) => [
    ["<maven.compiler.release>25<", `<maven.compiler.release>${major(runtime)}<`],
  ],
  csharp: ({ runtime, architecture }) => [
    ["net10.0", `net${major(runtime)}.0`],
    ["--runtime linux-x64", `--runtime linux-${architecture === "arm64" ? "arm64" : "x64"}`],
  ],
  rust: ({ architecture }) =>
    architecture === "arm64" ? [["build --release", "build --release --arm64"]] : [],
};

/** A file of a template, for the chosen runtime and architecture. */
export function adapted(path: string, content: string, answers: ScaffoldAnswers): string {
  if (!building.test(path)) return content;
  const wanted = replacements[answers.language]?.(answers) ?? [];
  return wanted.reduce((text, [from, to]) => text.replaceAll(from, to), content);
}

function major(runtime: string): string {
  return /\d+/.exec(runtime)?.[0] ?? "";
}
