import { execFile } from "node:child_process";
import { lstat, mkdtemp, readdir, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** What is copied from where, and what is not. */
export interface CopyRules {
  /** Absolute. */
  readonly projectDir: string;
  /** The folder that is written to, absolute: never a source. */
  readonly leftOut: string;
  /** Ready-made code, which is copied as it is, whatever its files are and wherever its links lead. */
  readonly whole?: boolean;
}

const keys = /\.(?:pem|key|p12|pfx|jks|keystore|ppk|kdbx)$|^id_(?:rsa|dsa|ecdsa|ed25519)$/i;

/** Never of use in a copy, or not to be spread: packages, what tools made, files that begin with a dot, keys. */
export function isLeftOut(name: string): boolean {
  return name === "node_modules" || name === "cdk.out" || name.startsWith(".") || keys.test(name);
}

/** A file, or the files below a folder, as copies: absolute paths by path in the copy. */
export async function copiesOf(
  from: string,
  to: string,
  rules: CopyRules,
): Promise<Record<string, string>> {
  return copiesBelow(from, to, rules, [await realpath(rules.projectDir)]);
}

/** `above`: the folders, by their real paths, that a link must not lead to once more. */
async function copiesBelow(
  from: string,
  to: string,
  rules: CopyRules,
  above: readonly string[],
): Promise<Record<string, string>> {
  const [found, stats] = await Promise.all([
    lstat(from).catch(() => undefined),
    stat(from).catch(() => undefined),
  ]);
  if (stats === undefined || isWithin(from, rules.leftOut)) return {};
  const real = await realpath(from);
  const [projectDir = ""] = above;
  // The entry may lie outside of the project, but no link leads out of it unnoticed.
  const isLink = found?.isSymbolicLink() === true;
  if (isLink && rules.whole !== true && !isWithin(real, projectDir)) return {};
  if (!stats.isDirectory()) return stats.isFile() ? { [to]: from } : {};
  if (isLink && above.some((folder) => isWithin(folder, real))) return {};
  const names = (await readdir(from)).filter((name) => rules.whole === true || !isLeftOut(name));
  const copies = await Promise.all(
    names.map((name) =>
      copiesBelow(path.join(from, name), `${to}/${name}`, rules, [...above, real]),
    ),
  );
  return Object.assign({}, ...copies) as Record<string, string>;
}

function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/**
 * Files of the project that are not ignored, relative to its folder, with `/`; undefined where there is no git to ask.
 * Where there is no repository, git reads the .gitignore files all the same, with an empty one elsewhere.
 */
export async function notIgnored(projectDir: string): Promise<readonly string[] | undefined> {
  return (await listed(projectDir)) ?? listedWithout(projectDir);
}

async function listedWithout(projectDir: string): Promise<readonly string[] | undefined> {
  const repository = await mkdtemp(path.join(tmpdir(), "lmi-eject-"));
  try {
    await git(projectDir, ["init", "--quiet", "--bare", repository]);
    return await listed(projectDir, `--git-dir=${repository}`, `--work-tree=${projectDir}`);
  } catch {
    return undefined;
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}

async function listed(
  projectDir: string,
  ...place: readonly string[]
): Promise<readonly string[] | undefined> {
  const what = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  try {
    const { stdout } = await git(projectDir, [...place, ...what]);
    // A repository in the repository ends with a slash, and is none of ours.
    return stdout.split("\0").filter((name) => name !== "" && !name.endsWith("/"));
  } catch {
    return undefined;
  }
}

function git(cwd: string, args: readonly string[]) {
  return promisify(execFile)("git", args, {
    cwd,
    maxBuffer: 256 * 1024 * 1024,
    windowsHide: true,
  });
}
