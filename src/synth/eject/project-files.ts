import { capacityOf } from "../providers.ts";
import type { Settings } from "../settings.ts";
import { ownManifest } from "../own-manifest.ts";

/** The `cdk` command that this version of lmi is tested with. */
export const CDK_VERSION = "2.1148.1";

/** A command that makes the code of functions, with the variables that lmi gives it. */
interface BuildCommand {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Each once. */
export function buildCommands(settings: Settings): readonly BuildCommand[] {
  const commands = new Map<string, BuildCommand>();
  for (const own of Object.values(settings.functions)) {
    if (own.build === undefined) continue;
    const env = { LMI_RUNTIME: own.runtime, LMI_ARCH: capacityOf(settings, own).architecture };
    const build = { command: own.build, env };
    commands.set(JSON.stringify(build), build);
  }
  return [...commands.values()];
}

/** The file that runs builds: a shell for each, in the project's folder, on every system. */
export function buildFile(builds: readonly BuildCommand[]): string {
  return `// Makes the code of functions. cdk runs it before the app, as \`build\` in cdk.json says.
import { spawnSync } from "node:child_process";
import path from "node:path";

const builds = ${JSON.stringify(builds, null, 2)};

for (const { command, env } of builds) {
  console.error(command);
  const { status } = spawnSync(command, {
    shell: true,
    cwd: path.dirname(import.meta.dirname),
    env: { ...process.env, ...env },
    // stdout is for the template, where cdk prints it.
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    console.error("Failed: " + command);
    process.exit(1);
  }
}
`;
}

export type PackageJson = Readonly<Record<string, unknown>>;

/** package.json: what the project's own says, without lmi, with what the CDK app needs. */
export function packageJson(
  own: PackageJson,
  { project, infra, isBundled }: { project: string; infra: string; isBundled: boolean },
): string {
  const { dependencies, devDependencies, engines } = ownManifest();
  const needed = {
    "@types/node": devDependencies["@types/node"],
    "aws-cdk": CDK_VERSION,
    "aws-cdk-lib": dependencies["aws-cdk-lib"],
    constructs: dependencies["constructs"],
    ...(isBundled ? { esbuild: dependencies["esbuild"] } : {}),
    typescript: devDependencies["typescript"],
  };
  const users = withoutLmi(entriesOf(own["dependencies"]));
  return json({
    name: project.toLowerCase(),
    private: true,
    ...own,
    engines: { node: engines.node, ...entriesOf(own["engines"]) },
    scripts: {
      ...scriptsWithoutLmi(entriesOf(own["scripts"])),
      types: `tsc -p ${infra}`,
      diff: "cdk diff",
      deploy: "cdk deploy",
      destroy: "cdk destroy",
    },
    ...(Object.keys(users).length === 0 ? {} : { dependencies: users }),
    devDependencies: sorted({ ...withoutLmi(entriesOf(own["devDependencies"])), ...needed }),
  });
}

/** Scripts that call lmi would fail: they are left out. */
export function lmiScripts(own: PackageJson): string[] {
  const scripts = Object.entries(entriesOf(own["scripts"]));
  return scripts.filter(([, script]) => callsLmi(script)).map(([name]) => name);
}

function scriptsWithoutLmi(scripts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(scripts).filter(([, script]) => !callsLmi(script)));
}

function callsLmi(script: string): boolean {
  return /(?:^|[\s&|;])lmi(?:\s|$)/.test(script);
}

function withoutLmi({ lmi: _lmi, ...others }: Readonly<Record<string, string>>) {
  return others;
}

function entriesOf(value: unknown): Readonly<Record<string, string>> {
  return typeof value === "object" && value !== null ? (value as Record<string, string>) : {};
}

function sorted(entries: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(
    Object.entries(entries).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** Metadata that only describes the app would be the one difference to what is deployed. */
export function cdkJson(infra: string, hasBuilds: boolean): string {
  return json({
    // cdk runs it before the app.
    ...(hasBuilds ? { build: `node ${infra}/build.ts` } : {}),
    app: `node ${infra}/app.ts`,
    versionReporting: false,
    pathMetadata: false,
    assetMetadata: false,
  });
}

/**
 * The app consists of ES modules, whatever the sources of the functions are: a `type` that their package.json does not
 * have would change how they are bundled.
 */
export const appPackageJson = json({ type: "module" });

/** Node runs the app as it is: types only, nothing that has to be compiled. */
export const tsconfig = json({
  compilerOptions: {
    target: "es2024",
    module: "nodenext",
    strict: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noEmit: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ["node"],
  },
  include: ["."],
});

/** .gitignore: the project's own, and what this project makes. */
export function withGitignore(own: string): string {
  const lines = own.split("\n").filter((line) => line.trim() !== "" && line.trim() !== ".lmi/");
  const needed = ["node_modules/", "cdk.out/"].filter((line) => !lines.includes(line));
  return [...lines, ...needed, ""].join("\n");
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
