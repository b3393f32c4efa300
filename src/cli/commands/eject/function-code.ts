import { stat } from "node:fs/promises";
import path from "node:path";
import { archiveFormat, unpacked } from "../../../synth/eject/archive-format.ts";
import type { CodePlan } from "../../../synth/eject/code-file.ts";
import { functionSources } from "../../../synth/eject/project-sources.ts";
import { entryKind } from "../../../synth/entry-kind.ts";
import type { FunctionSettings } from "../../../synth/settings.ts";
import { LmiError } from "../../../errors.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Prepared } from "../deploy/prepare.ts";
import { copiesOf } from "./copies.ts";
import type { FileSet } from "./files.ts";

/** A function's code in the ejected project. */
export interface FunctionCode extends FileSet {
  readonly plan: CodePlan;
  /** Versions of the packages that it imports. */
  readonly packages: Readonly<Record<string, string>>;
  /** What is worth knowing about it. */
  readonly notes: readonly string[];
}

/**
 * Source goes along with the folders it lies in, what is ready-made as it is. Source that reaches beyond the project's
 * folder cannot go along at the same place: then the bundle goes, ready-made.
 */
export async function functionCode(
  { settings, projectDir }: Pick<LoadedSettings, "settings" | "projectDir">,
  { name, assetPath }: Prepared["functions"][number],
  leftOut: string,
): Promise<FunctionCode> {
  const own = settings.functions[name];
  if (own === undefined) throw new LmiError("LMI_BUG", `no settings for ${name}`);
  const kind = entryKind(own.entry);
  const { paths, packages, outside } = await functionSources(own, projectDir);
  const [first] = outside;
  if (kind === "source" && first !== undefined) return asBuilt(name, assetPath, first);
  const place = (inside: string) => path.join(projectDir, inside);
  if (kind === "source") {
    const copies = await Promise.all(
      paths.map((inside) => copiesOf(place(inside), inside, { projectDir, leftOut })),
    );
    const plan: CodePlan = { kind: "bundle", format: await archiveFormat(assetPath) };
    return { plan, packages, texts: {}, copies: Object.assign({}, ...copies), notes: [] };
  }
  return readyMade(name, own, projectDir, leftOut, paths[0]);
}

/** At its place, where its build puts it again; from outside of the project, under a name of its own. */
async function readyMade(
  name: string,
  { entry, build }: FunctionSettings,
  projectDir: string,
  leftOut: string,
  inside: string | undefined,
): Promise<FunctionCode> {
  const from = path.resolve(projectDir, entry);
  const target = inside ?? `code/${name}${path.extname(entry)}`;
  const isFolder = (await stat(from)).isDirectory();
  const kind = entryKind(entry) === "zip" ? "zip" : isFolder ? "folder" : "executable";
  const notes =
    build === undefined
      ? [`${name} is ready-made code, copied as it is: what builds it stays where it is.`]
      : [];
  const copies = await copiesOf(from, target, { projectDir, leftOut, whole: true });
  return { plan: { kind, path: target }, packages: {}, texts: {}, copies, notes };
}

async function asBuilt(name: string, archive: string, outside: string): Promise<FunctionCode> {
  const files = Object.entries(await unpacked(archive));
  const folder = `code/${name}`;
  return {
    plan: { kind: "folder", path: folder },
    packages: {},
    texts: Object.fromEntries(
      files.map(([file, bytes]) => [`${folder}/${file}`, { bytes, executable: false }]),
    ),
    copies: {},
    notes: [
      `${name} is made of files outside of the project's folder (${outside}): ${folder} holds its bundle instead of its source.`,
    ],
  };
}
