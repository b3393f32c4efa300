import { delimiter, join } from "node:path";
import process from "node:process";
import type { Launch } from "./launch.ts";

/** What an execution environment is made from; everything that the function can see of its surroundings. */
export interface EnvironmentSpec {
  readonly region: string;
  readonly accountId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly functionArn: string;
  /** `nodejs24.x` */
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** Requests that the environment takes at once. */
  readonly maxConcurrency: number;
  /** Worker threads of the runtime client. */
  readonly workers: number;
  /** Folder of the unpacked code (`/var/task`) and, when there are layers, of their content (`/opt`). */
  readonly taskRoot: string;
  readonly layersRoot?: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly applicationLogLevel: string;
  readonly systemLogLevel: string;
  /** The target's own endpoint: the function's AWS SDK calls stay local. */
  readonly endpoint: string;
}

/**
 * The environment variables of a function on managed instances (Lambda developer guide, configuration-envvars and
 * lambda-managed-instances-execution-environment). Nothing of the developer's own environment gets in.
 */
export function environmentVariables(
  spec: EnvironmentSpec,
  run: {
    readonly launch: Launch;
    readonly runtimeApi: string;
    readonly logStream: string;
    readonly tmp: string;
  },
): Record<string, string> {
  return {
    ...overridable(spec, run),
    ...nodePath(spec),
    ...ownVariables(spec.variables),
    AWS_ACCESS_KEY_ID: "lmi-local",
    AWS_SECRET_ACCESS_KEY: "lmi-local",
    AWS_SESSION_TOKEN: "lmi-local",
    AWS_ENDPOINT_URL: spec.variables["AWS_ENDPOINT_URL"] ?? spec.endpoint,
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: spec.functionVersion,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "lambda-managed-instances",
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: run.logStream,
    AWS_LAMBDA_MAX_CONCURRENCY: String(spec.maxConcurrency),
    ...workers(spec),
    AWS_LAMBDA_RUNTIME_API: run.runtimeApi,
    LAMBDA_TASK_ROOT: spec.taskRoot,
    LAMBDA_RUNTIME_DIR: run.launch.runtimeDir,
    _HANDLER: spec.handler,
  };
}

/** The runtime client would count this machine's processors as the environment's own. */
function workers({ runtime, workers: count }: EnvironmentSpec): Record<string, string> {
  return runtime.startsWith("nodejs") ? { AWS_LAMBDA_NODEJS_WORKER_COUNT: String(count) } : {};
}

/** AWS drops what begins with an underscore (aws-lambda-runtime-interface-emulator, …/rapidcore/env/environment.go). */
function ownVariables(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("_")));
}

/** What the function's own settings replace (…/rapidcore/env/environment.go). */
function overridable(
  spec: EnvironmentSpec,
  run: { readonly launch: Launch; readonly tmp: string },
): Record<string, string> {
  const windows = process.platform === "win32";
  const layers = spec.layersRoot;
  const own = [run.launch.runtimeDir, ...(windows ? [] : ["/usr/local/bin", "/usr/bin", "/bin"])];
  return {
    PATH: [...own, ...(layers ? [join(layers, "bin")] : [])].join(delimiter),
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_LEVEL: spec.applicationLogLevel,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    ...libraryPath(spec),
    // Lambda's /tmp; each environment has its own.
    TMPDIR: run.tmp,
    ...(windows ? { TEMP: run.tmp, TMP: run.tmp, SystemRoot: "C:\\Windows" } : {}),
  };
}

function libraryPath({ taskRoot, layersRoot }: EnvironmentSpec): Record<string, string> {
  if (process.platform !== "linux") return {};
  const folders = [
    taskRoot,
    join(taskRoot, "lib"),
    ...(layersRoot ? [join(layersRoot, "lib")] : []),
  ];
  return { LD_LIBRARY_PATH: folders.join(delimiter) };
}

/** Where Lambda's Node.js runtimes look for modules from layers (Lambda developer guide, packaging-layers). */
function nodePath(spec: EnvironmentSpec): Record<string, string> {
  if (!spec.layersRoot) return {};
  const major = /\d+/.exec(spec.runtime)?.[0] ?? "";
  return {
    NODE_PATH: [
      join(spec.layersRoot, "nodejs", `node${major}`, "node_modules"),
      join(spec.layersRoot, "nodejs", "node_modules"),
    ].join(delimiter),
  };
}

/** Workers that the function's own setting, or else `fallback`, asks for. */
export function workerCount(variables: Readonly<Record<string, string>>, fallback: number): number {
  const wanted = Number(variables["AWS_LAMBDA_NODEJS_WORKER_COUNT"]);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : fallback;
}
