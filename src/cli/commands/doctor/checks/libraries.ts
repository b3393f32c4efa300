import { readFile } from "node:fs/promises";
import path from "node:path";

import { type Check, ok, type Patient, together, type Verdict, warning } from "../check.ts";
import { isOlder, versionIn } from "../versions.ts";

/** Libraries and layers that are known to fail where one process serves many requests. */
export const librariesCheck: Check = { name: "libraries", ofProject: true, run };

interface KnownLibrary {
  readonly name: RegExp;
  /** The first version that is right. */
  readonly since: string;
  readonly why: string;
}

/**
 * Lambda developer guide, "Node.js runtime for Lambda Managed Instances" (least versions); Powertools for AWS Lambda
 * (TypeScript) changelog 2.34.0 and 2.35.0: issues 5430, 5444, 5446, 5543, 5544.
 */
const known: readonly KnownLibrary[] = [
  {
    name: /^@aws-lambda-powertools\/logger$/,
    since: "2.35.0",
    why: "mixes up requests that run at once",
  },
  {
    name: /^@aws-lambda-powertools\/tracer$/,
    since: "2.34.0",
    why: "mixes up traces of requests",
  },
  {
    name: /^@aws-lambda-powertools\//,
    since: "2.29.0",
    why: "does not know Managed Instances",
  },
  { name: /^aws-xray-sdk(?:-core)?$/, since: "3.12.0", why: "mixes up traces of requests" },
  { name: /^@aws-sdk\/client-/, since: "3.933.0", why: "does not know Managed Instances" },
];

async function run({ project }: Patient): Promise<Verdict> {
  if (project === undefined) return ok("no project");
  const [libraries, layers] = [await librariesOf(project.projectDir), layersOf(project)];
  const wrong = [...libraries.flatMap(judge), ...layers];
  if (wrong.length > 0) return together(wrong);
  const looked = libraries.filter(({ name }) => known.some((each) => each.name.test(name)));
  const named = looked.map(({ name, version }) => `${name} ${version}`).join(", ");
  return ok(named === "" ? "none that is known to fail" : `${named}: none is known to fail`);
}

interface Library {
  readonly name: string;
  readonly version: string;
}

function judge({ name, version }: Library): Verdict[] {
  const found = known.find((each) => each.name.test(name));
  if (found === undefined || !isOlder(version, found.since)) return [];
  return [warning(`${name} ${version} ${found.why}`, `npm install ${name}@^${found.since}`)];
}

/** The project's own dependencies, as installed, else as its package.json asks for them. */
async function librariesOf(projectDir: string): Promise<Library[]> {
  const manifest = await jsonIn(path.join(projectDir, "package.json"));
  const asked = { ...record(manifest["dependencies"]), ...record(manifest["devDependencies"]) };
  const found = await Promise.all(
    Object.entries(asked).map(async ([name, range]) => {
      const installed = await jsonIn(path.join(projectDir, "node_modules", name, "package.json"));
      const version = versionIn(String(installed["version"] ?? range));
      return version === undefined ? [] : [{ name, version }];
    }),
  );
  return found.flat();
}

async function jsonIn(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return record(JSON.parse(await readFile(file, "utf8")));
  } catch {
    // No such file, or one that is no concern of ours
    return {};
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The Lambda Web Adapter's layer 28 is 1.0.1; 0.9.1 panics on Managed Instances (aws-lambda-web-adapter issue 623). */
const adapterSince = 28;

function layersOf(project: NonNullable<Patient["project"]>): Verdict[] {
  return Object.entries(project.settings.functions).flatMap(([key, { layers }]) =>
    layers.flatMap((arn) => judgeLayer(key, arn)),
  );
}

function judgeLayer(key: string, arn: string): Verdict[] {
  const [name = "", version = ""] = arn.split(":").slice(-2);
  if (name.startsWith("LambdaAdapterLayer") && Number(version) < adapterSince)
    return [
      warning(
        `${key}: the Lambda Web Adapter of layer ${name}:${version} crashes on Managed Instances`,
        `Take version ${adapterSince} or later of ${name} in functions.${key}.layers`,
      ),
    ];
  // opentelemetry-lambda issue 2094 (open): only its collector knows Managed Instances, since 2026.
  if (/^(?:opentelemetry|aws-otel)-(?!collector)/.test(name))
    return [
      warning(
        `${key}: OpenTelemetry's instrumentation of layer ${name} is not made for Managed Instances`,
        "Try it with lmi dev or lmi race first; see opentelemetry-lambda issue 2094",
      ),
    ];
  return [];
}
