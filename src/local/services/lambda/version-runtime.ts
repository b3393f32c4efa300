import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { Environment } from "../../runtime/environment.ts";
import type { EnvironmentSpec } from "../../runtime/environment-variables.ts";
import { workerCount } from "../../runtime/environment-variables.ts";
import { Fleet } from "../../runtime/fleet.ts";
import { type LineSource, requestWatch } from "../../runtime/function-watch.ts";
import type { LogSink } from "../../runtime/environment-log.ts";
import { InitFailure } from "../../runtime/init-failure.ts";
import { bootstrapLaunch } from "../../runtime/bootstrap-launch.ts";
import type { Launch } from "../../runtime/launch.ts";
import { nodeLaunch } from "../../runtime/launch.ts";
import { nodeForRuntime } from "../../runtime/node-runtimes.ts";
import { unpackOnce } from "../../runtime/unpack.ts";
import type { TargetContext } from "../../service.ts";
import type { Snapshot } from "./documents.ts";
import { LogStreamWriter } from "./function-log.ts";
import type { FunctionRuntime, LambdaOptions } from "./lambda-context.ts";
import {
  defaultConcurrency,
  defaultMinEnvironments,
  maxEnvironments,
  maxUnzippedBytes,
  minMemoryMb,
} from "./limits.ts";
import type { LambdaStore } from "./store.ts";
import { environmentVCpus } from "./validation.ts";
import { codeFolder, layerBlobs, layersFolder, sweepWorkFolder } from "./work-folder.ts";

/** Init may take the function's timeout, at least 130 s and at most 15 min (Lambda developer guide, …-execution-environment). */
const minInitTimeoutMs = 130_000;
const maxInitTimeoutMs = 900_000;
/** Processes that any machine may run for a version: the default minimum of environments. */
const minProcesses = defaultMinEnvironments;

/** Makes the processes that serve a version from its code and configuration. */
export class VersionRuntime implements FunctionRuntime {
  readonly #target: TargetContext;
  readonly #store: LambdaStore;
  readonly #options: LambdaOptions;
  readonly #writers = new Set<LogStreamWriter>();
  #ownFolder: string | undefined;
  #tmp: Promise<string> | undefined;
  #work: Promise<string> | undefined;

  constructor(target: TargetContext, store: LambdaStore, options: LambdaOptions) {
    this.#target = target;
    this.#store = store;
    this.#options = options;
  }

  async prepare(region: string, snapshot: Snapshot, environments: number): Promise<Fleet> {
    if (snapshot.configuration.PackageType === "Image") {
      throw new InitFailure(
        "InvalidRuntime",
        "The local target runs functions from zip packages only; the image was kept but cannot run here.",
      );
    }
    const spec = await this.#spec(region, snapshot);
    const launch = await this.#launch(spec, snapshot.configuration);
    const { watch, debug } = this.#options;
    return new Fleet({
      environments,
      ...(debug?.(spec.functionName) ? { warm: 1, maxProcesses: 1 } : this.#processes()),
      watch: watch && requestWatch(watch, spec.functionName),
      maxConcurrency: spec.maxConcurrency,
      start: (onCrash) => this.#start(spec, launch, onCrash),
      log: this.#target.log,
    });
  }

  async #launch(spec: EnvironmentSpec, { Architectures = [] }: FunctionConfiguration) {
    if (spec.runtime.startsWith("provided."))
      return bootstrapLaunch({ ...spec, architecture: Architectures[0] ?? "x86_64" });
    const { cacheFolder } = this.#options;
    const node = await nodeForRuntime(spec.runtime, { cacheFolder, log: this.#target.log });
    const isDebugged = this.#options.debug?.(spec.functionName) !== undefined;
    return nodeLaunch(node, spec.memoryMb, { inspect: isDebugged });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#writers].map((writer) => writer.close()));
    if (this.#ownFolder) await rm(this.#ownFolder, { recursive: true, force: true });
  }

  async #start(
    spec: EnvironmentSpec,
    launch: Launch,
    onCrash: (environment: Environment) => void,
  ): Promise<Environment> {
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
    const logStream = `${day}/[${spec.functionVersion}]${randomBytes(16).toString("hex")}`;
    const log = new LogStreamWriter(this.#target, {
      region: spec.region,
      group: spec.logGroup,
      stream: logStream,
    });
    this.#writers.add(log);
    const { region, functionName } = spec;
    const [lost] = this.#target.faults.strike({ at: "log", region, functionName });
    const finish = async () => {
      await log.close();
      this.#writers.delete(log);
    };
    const initTimeoutMs = Math.min(maxInitTimeoutMs, Math.max(minInitTimeoutMs, spec.timeoutMs));
    const tmpFolder = await this.#tmpFolder();
    const { logGroup } = spec;
    // Without egress the function runs, and its lines reach nobody (Lambda developer guide, …-troubleshooting).
    const stored: LogSink = lost ? { append: () => undefined } : log;
    return Environment.start(spec, {
      launch,
      log: this.#watched(stored, { functionName, logGroup, logStream }),
      debug: this.#options.debug?.(functionName),
      logStream,
      initTimeoutMs,
      tmpFolder,
      onCrash,
      onStop: finish,
    });
  }

  #watched(log: LogSink, source: LineSource): LogSink {
    const { watch } = this.#options;
    if (!watch) return log;
    return {
      append: (message) => {
        log.append(message);
        watch.line(source, message);
      },
    };
  }

  async #spec(region: string, snapshot: Snapshot): Promise<EnvironmentSpec> {
    const { configuration, code } = snapshot;
    const { FunctionName = "", Version = "", FunctionArn = "", Runtime = "" } = configuration;
    const { Handler = "", MemorySize = minMemoryMb, Timeout = 3 } = configuration;
    const vCpus = environmentVCpus(configuration);
    const variables = configuration.Environment?.Variables ?? {};
    return {
      region,
      accountId: this.#target.accountId,
      functionName: FunctionName,
      functionVersion: Version,
      functionArn: FunctionArn,
      runtime: Runtime,
      handler: Handler,
      memoryMb: MemorySize,
      timeoutMs: Timeout * 1000,
      maxConcurrency: concurrencyOf(configuration, vCpus),
      workers: workerCount(variables, this.#workers(vCpus)),
      taskRoot: await this.#unpackCode(code.blob),
      layersRoot: await this.#unpackLayers(region, snapshot),
      variables,
      ...loggingOf(configuration),
      endpoint: this.#target.endpoint(),
    };
  }

  /** AWS runs a process for each environment; a machine runs as many as it is asked to, or has processors (at least 3). */
  #processes(): { readonly warm: number; readonly maxProcesses: number } {
    const { environments = 1 } = this.#options;
    const warm = environments === "all" ? maxEnvironments : environments;
    return { warm, maxProcesses: Math.max(warm, minProcesses, availableParallelism()) };
  }

  /** AWS gives 8 worker threads to each vCPU; here they share this machine's processors. */
  #workers(vCpus: number): number {
    return this.#options.workers ?? Math.min(8 * vCpus, Math.max(2, availableParallelism()));
  }

  async #unpackCode(blob: string | undefined): Promise<string> {
    if (blob === undefined) throw new InitFailure("InvalidZipFileException", "There is no code.");
    const folder = codeFolder(await this.#workFolder(), blob);
    try {
      await unpackOnce(this.#zips([blob]), folder, maxUnzippedBytes);
    } catch (error) {
      throw new InitFailure(
        "InvalidZipFileException",
        `The package could not be unpacked: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return folder;
  }

  async #unpackLayers(region: string, snapshot: Snapshot): Promise<string | undefined> {
    const layers = layerBlobs(this.#store, region, snapshot);
    if (layers.length === 0) return undefined;
    const blobs = layers.map(([arn, blob]) => {
      if (blob !== undefined) return blob;
      throw new InitFailure("InvalidConfiguration", `The layer ${arn} does not exist.`);
    });
    const folder = layersFolder(await this.#workFolder(), blobs);
    // In the order of the function: later layers lie over earlier ones.
    await unpackOnce(this.#zips(blobs), folder, maxUnzippedBytes);
    return folder;
  }

  /** Read one by one, and only when they are asked for. */
  async *#zips(blobs: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const blob of blobs) yield await this.#target.blobs.get(blob);
  }

  /** For what lives as long as this process; what an earlier one left when it was killed goes. */
  #tmpFolder(): Promise<string> {
    this.#tmp ??= this.#workFolder().then(async (folder) => {
      const tmp = join(folder, "tmp");
      // Environments of the earlier process may be about to remove theirs.
      await rm(tmp, { recursive: true, force: true, maxRetries: 5 });
      await mkdir(tmp, { recursive: true });
      return tmp;
    });
    return this.#tmp;
  }

  #workFolder(): Promise<string> {
    this.#work ??= this.#openWorkFolder();
    return this.#work;
  }

  async #openWorkFolder(): Promise<string> {
    const { workFolder } = this.#options;
    if (workFolder === undefined)
      return (this.#ownFolder = await mkdtemp(join(tmpdir(), "lmi-lambda-")));
    await mkdir(workFolder, { recursive: true });
    await sweepWorkFolder(workFolder, this.#store);
    return workFolder;
  }
}

function concurrencyOf(configuration: FunctionConfiguration, vCpus: number): number {
  const managed =
    configuration.CapacityProviderConfig?.LambdaManagedInstancesCapacityProviderConfig;
  return (
    managed?.PerExecutionEnvironmentMaxConcurrency ??
    defaultConcurrency(configuration.Runtime, vCpus)
  );
}

function loggingOf({ FunctionName, LoggingConfig = {} }: FunctionConfiguration) {
  const { LogGroup, ApplicationLogLevel = "INFO", SystemLogLevel = "INFO" } = LoggingConfig;
  return {
    logGroup: LogGroup ?? `/aws/lambda/${FunctionName}`,
    applicationLogLevel: ApplicationLogLevel,
    systemLogLevel: SystemLogLevel,
  };
}
