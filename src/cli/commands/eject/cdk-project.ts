import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { ejectedApp } from "../../../synth/eject/eject.ts";
import {
  appPackageJson,
  buildCommands,
  buildFile,
  cdkJson,
  lmiScripts,
  type PackageJson,
  packageJson,
  tsconfig,
  withGitignore,
} from "../../../synth/eject/project-files.ts";
import { cdkReadme } from "../../../synth/eject/readme.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Prepared } from "../deploy/prepare.ts";
import { copiesOf, isLeftOut, notIgnored } from "./copies.ts";
import { type EjectedProject, regionOf } from "./ejected-project.ts";
import { type FunctionCode, functionCode } from "./function-code.ts";

/** The stack of a project as a CDK project of its own, with the functions' sources. */
export async function cdkProject(
  loaded: LoadedSettings,
  { settings, stackName, template, functions }: Prepared,
  directory: string,
): Promise<EjectedProject> {
  const { projectDir } = loaded;
  const codes = new Map<string, FunctionCode>();
  for (const built of functions) {
    codes.set(built.name, await functionCode(loaded, built, directory));
  }
  const each = [...codes.values()];
  const code = Object.fromEntries([...codes].map(([key, { plan }]) => [key, plan]));
  const manifest = await packageJsonOf(projectDir);
  const region = regionOf(loaded);
  const builds = buildCommands(settings);
  const copies = merged([
    await besides(projectDir, directory, builds.length > 0),
    ...each.map((own) => own.copies),
  ]);
  const texts = merged(each.map((own) => own.texts));
  const infra = freeFolder([...Object.keys(copies), ...Object.keys(texts)]);
  const app: Readonly<Record<string, string>> = {
    ...ejectedApp({ settings, stackName, template, code, region }),
    ...(builds.length === 0 ? {} : { "build.ts": buildFile(builds) }),
  };
  const packages = merged(each.map((own) => own.packages));
  const isBundled = each.some(({ plan }) => plan.kind === "bundle");
  return {
    texts: {
      "README.md": cdkReadme({ settings, stackName, region, infra, files: Object.keys(app), code }),
      "package.json": packageJson(withPackages(manifest, packages), {
        project: settings.name,
        isBundled,
        infra,
      }),
      "cdk.json": cdkJson(infra, builds.length > 0),
      ".gitignore": withGitignore(await gitignoreOf(projectDir)),
      ...Object.fromEntries(Object.entries(app).map(([file, text]) => [`${infra}/${file}`, text])),
      ...(manifest["type"] === "module" ? {} : { [`${infra}/package.json`]: appPackageJson }),
      [`${infra}/tsconfig.json`]: tsconfig,
      ...texts,
    },
    copies,
    notes: [...each.flatMap((own) => own.notes), ...scriptNotes(manifest)],
    next: "README.md there says how to go on: npm install && npx cdk diff",
  };
}

function merged<T>(records: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  return Object.assign({}, ...records) as Record<string, T>;
}

/** The app's folder: another one where the project's sources have that name. */
function freeFolder(files: readonly string[]): string {
  const candidates = ["infra", "app", "infrastructure"];
  return candidates.find((name) => !files.some((file) => file.startsWith(`${name}/`))) ?? "cdk-app";
}

async function packageJsonOf(projectDir: string): Promise<PackageJson> {
  const file = path.join(projectDir, "package.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? {} : (JSON.parse(text) as PackageJson);
}

/** Packages that the sources import and a package.json further up has, or none. */
function withPackages(
  manifest: PackageJson,
  packages: Readonly<Record<string, string>>,
): PackageJson {
  const listed = {
    ...(manifest["dependencies"] as object),
    ...(manifest["devDependencies"] as object),
  };
  const missing = Object.entries(packages).filter(([name]) => !(name in listed));
  if (missing.length === 0) return manifest;
  const dependencies = { ...(manifest["dependencies"] as object), ...Object.fromEntries(missing) };
  return { ...manifest, dependencies };
}

/**
 * What belongs to the sources though no bundle holds it: versions, compiler settings, tests, sample events. For builds,
 * which may read anything: all but what lmi and git leave out.
 */
async function besides(
  projectDir: string,
  leftOut: string,
  forBuilds: boolean,
): Promise<Record<string, string>> {
  const usual = /^(package-lock\.json|[jt]sconfig.*\.json|tests?|events)$/;
  const wanted = forBuilds
    ? await unignored(projectDir)
    : (await readdir(projectDir)).filter((name) => usual.test(name));
  return merged(
    await Promise.all(
      wanted.map((name) => copiesOf(path.join(projectDir, name), name, { projectDir, leftOut })),
    ),
  );
}

/** Files as git lists them; without git, names of the project's folder. */
async function unignored(projectDir: string): Promise<string[]> {
  const files = await notIgnored(projectDir);
  const ignored = files ? [] : await ignoredNames(projectDir);
  return (files ?? (await readdir(projectDir))).filter((file) => {
    const [first = "", ...others] = file.split("/");
    return ![first, ...others].some(isLeftOut) && !isLmis(first) && !ignored.includes(first);
  });
}

/** lmi's own files, and those that are written anew. */
function isLmis(name: string): boolean {
  return /^(lmi\..*|package\.json|README\.md|cdk\.json)$/.test(name);
}

/** Names in the project's folder that .gitignore lists without patterns: mostly what builds make. */
async function ignoredNames(projectDir: string): Promise<string[]> {
  const text = await gitignoreOf(projectDir);
  return text.split("\n").map((line) => line.trim().replaceAll(/^\/|\/$/g, ""));
}

/** Empty where there is none. */
function gitignoreOf(projectDir: string): Promise<string> {
  return readFile(path.join(projectDir, ".gitignore"), "utf8").catch(() => "");
}

function scriptNotes(manifest: PackageJson): string[] {
  const scripts = lmiScripts(manifest).filter((name) => name !== "deploy" && name !== "destroy");
  return scripts.length === 0
    ? []
    : [`Left out of package.json, because they call lmi: ${scripts.join(", ")}.`];
}
