import { delimiter, dirname, join } from "node:path";
import process from "node:process";

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
    readonly node: string;
    readonly runtimeApi: string;
    readonly logStream: string;
    readonly tmp: string;
  },
): Record<string, string> {
  return {
    ...systemVariables(run.node, run.tmp),
    ...nodePath(spec),
    ...spec.variables,
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
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_LEVEL: spec.applicationLogLevel,
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: run.logStream,
    AWS_LAMBDA_MAX_CONCURRENCY: String(spec.maxConcurrency),
    AWS_LAMBDA_NODEJS_WORKER_COUNT:
      spec.variables["AWS_LAMBDA_NODEJS_WORKER_COUNT"] ?? String(spec.workers),
    AWS_LAMBDA_RUNTIME_API: run.runtimeApi,
    LAMBDA_TASK_ROOT: spec.taskRoot,
    LAMBDA_RUNTIME_DIR: dirname(run.node),
    _HANDLER: spec.handler,
  };
}

function systemVariables(node: string, tmp: string): Record<string, string> {
  const windows = process.platform === "win32";
  return {
    PATH: [dirname(node), ...(windows ? [] : ["/usr/local/bin", "/usr/bin", "/bin"])].join(
      delimiter,
    ),
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    // Lambda's /tmp; each environment has its own.
    TMPDIR: tmp,
    ...(windows ? { TEMP: tmp, TMP: tmp, SystemRoot: "C:\\Windows" } : {}),
  };
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
