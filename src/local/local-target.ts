import { chmodSync, statSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { LmiError } from "../errors.ts";
import { openBlobStore } from "./blob-store.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { Identity } from "./identity.ts";
import { control } from "./faults/control.ts";
import { createFaults, type Faults } from "./faults/faults.ts";
import { makeFolder } from "./make-folder.ts";
import type { AnsweredRequest } from "./request-log.ts";
import { type RunningServer, type ServerLimits, startServer } from "./server.ts";
import { createServiceRegistry, type ServiceLoaders } from "./service-registry.ts";
import type { TargetContext, Timing } from "./service.ts";
import type { LambdaOptions } from "./services/lambda/lambda-context.ts";
import { openSqliteState } from "./sqlite-state.ts";
import type { State } from "./state.ts";
import { createDispatch } from "./wire/dispatch.ts";

/** The one account of the local target. */
export const localAccountId = "000000000000";

export interface LocalTargetOptions {
  /** Folder of everything the target remembers; made if it is not there. One process at a time may use it. */
  readonly stateDir: string;
  /** 0, the default: the port of the last time where it is free, else any. */
  readonly port?: number;
  readonly clock?: Clock;
  readonly timing?: Timing;
  /** Numbers in [0, 1), as Math.random. */
  readonly random?: () => number;
  /** A line for the log file. */
  readonly log?: (message: string) => void;
  /** Told of each request once its answer is known; of streams, when they begin. */
  readonly answered?: ((request: AnsweredRequest) => void) | undefined;
  /** Folder that survives `reset`: Node.js binaries of other majors go to `node/<major>` in it. Nothing: none are fetched. */
  readonly cacheDir?: string | undefined;
  /** Processes that run each version from the start; more are started on demand. AWS starts all. Nothing: 1. */
  readonly environments?: number | "all" | undefined;
  /** For who runs the target in its own process: what functions do, and how they are run. */
  readonly functions?: FunctionOptions | undefined;
  /** Which process this is, for commands that look for a running target. Nothing: it is not told. */
  readonly identity?: Identity | undefined;
  /** The rules of a file: what is to go wrong from the start, besides what was told before. */
  readonly faultRules?: readonly unknown[] | undefined;
  /** What a client may take of the server; the usual is meant for one user's tools. */
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Services besides or in place of the usual ones. */
  readonly services?: ServiceLoaders;
}

/** What runs and watches functions beyond the usual. */
export type FunctionOptions = Pick<LambdaOptions, "watch" | "debug" | "vCpuLimit">;

export interface LocalTarget {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly port: number;
  readonly context: TargetContext;
  /** What is to go wrong from now on. */
  readonly faults: Faults;
  /** Ends the server, the services and every process that they started. */
  close(): Promise<void>;
}

/** Services load their code on first use, which keeps the target's own start short. */
function usualServices(options: LocalTargetOptions): ServiceLoaders {
  const { stateDir, cacheDir, environments, functions } = options;
  return {
    apigateway: async () =>
      (await import("./services/apigateway/service.ts")).createApiGatewayService,
    cloudformation: async () =>
      (await import("./services/cloudformation/service.ts")).createCloudFormationService,
    ec2: async () => (await import("./services/ec2/service.ts")).createEc2Service,
    ecr: async () => (await import("./services/ecr/service.ts")).createEcrService,
    events: async () => (await import("./services/events/service.ts")).createEventBridgeService,
    iam: async () => (await import("./services/iam/service.ts")).createIamService,
    kms: async () => (await import("./services/kms/service.ts")).createKmsService,
    lambda: async () => {
      const { createLambdaService } = await import("./services/lambda/service.ts");
      const workFolder = join(stateDir, "lambda");
      return (target) =>
        createLambdaService(target, {
          workFolder,
          cacheFolder: cacheDir,
          environments,
          ...functions,
        });
    },
    logs: async () => {
      const { createLogsService } = await import("./services/logs/service.ts");
      return (target) => createLogsService(target, join(stateDir, "logs.sqlite"));
    },
    monitoring: async () => {
      const { createMonitoringService } = await import("./services/monitoring/service.ts");
      return (target) => createMonitoringService(target, join(stateDir, "metrics.sqlite"));
    },
    s3: async () => (await import("./services/s3/service.ts")).createS3Service,
    secretsmanager: async () =>
      (await import("./services/secretsmanager/service.ts")).createSecretsManagerService,
    servicequotas: async () =>
      (await import("./services/servicequotas/service.ts")).createServiceQuotasService,
    sqs: async () => (await import("./services/sqs/service.ts")).createSqsService,
    scheduler: async () => (await import("./services/scheduler/service.ts")).createSchedulerService,
    sns: async () => (await import("./services/sns/service.ts")).createSnsService,
    ssm: async () => (await import("./services/ssm/service.ts")).createSsmService,
    sts: async () => (await import("./services/sts/service.ts")).createStsService,
  };
}

/**
 * Starts a local target in this process. Fails with LMI_LOCAL_PORT, LMI_LOCAL_STATE_LOCKED or
 * LMI_LOCAL_STATE_UNWRITABLE where the user has to do something.
 */
export async function startLocalTarget(options: LocalTargetOptions): Promise<LocalTarget> {
  const {
    stateDir,
    clock = systemClock,
    timing = "fast",
    random = Math.random,
    log = () => {},
    port = 0,
    identity,
  } = options;
  makeStateDir(stateDir);
  const state = openSqliteState(stateDir);
  let endpoint = "";
  const registry = createServiceRegistry(
    { ...usualServices(options), ...options.services },
    () => context,
  );
  const faults = createFaults({ state, random });
  const context: TargetContext = {
    accountId: localAccountId,
    faults,
    clock,
    state,
    blobs: openBlobStore(join(stateDir, "blobs")),
    random,
    timing,
    call: registry.call,
    endpoint: () => endpoint,
    log,
  };
  const ending: (() => Promise<void>)[] = [async () => state.close(), () => registry.close()];
  const close = async () => {
    for (const end of ending.splice(0).toReversed()) await end(); // In this order
  };
  try {
    await faults.takeFile(options.faultRules ?? []);
    const dispatch = createDispatch({
      accountId: localAccountId,
      clock,
      call: registry.call,
      log,
      answered: options.answered,
      faults,
      control: (request) => control(request, faults),
    });
    const { serveUrl } = registry;
    const listen = (on: number) =>
      startServer({ port: on, dispatch, serveUrl, log, identity, limits: options.limits });
    const server = await listenAgain(state, port, listen);
    ending.push(() => server.close());
    endpoint = `http://127.0.0.1:${server.port}`;
    await registry.resume(state.collectionNames());
    return { endpoint, port: server.port, context, faults, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Listens where it did the last time, unless a port is named or somebody else has taken that one: URLs of functions
 * stand in outputs and notes, and go on being right.
 */
async function listenAgain(
  state: State,
  wanted: number,
  listen: (port: number) => Promise<RunningServer>,
): Promise<RunningServer> {
  const remembered = state.collection<{ readonly port: number }>("target.listening");
  const last = remembered.get("", "server")?.port ?? 0;
  const server =
    wanted !== 0 || last === 0
      ? await listen(wanted)
      : await listen(last).catch((error: unknown) => {
          if (error instanceof LmiError && error.code === "LMI_LOCAL_PORT") return listen(0);
          throw error;
        });
  remembered.put("", "server", { port: server.port });
  return server;
}

/** For its owner only, also where it was there before: functions' environment values are kept in it. */
function makeStateDir(folder: string): void {
  try {
    makeFolder(folder);
    // Windows has no such modes; there the profile's folder is private by itself.
    if ((statSync(folder).mode & 0o077) !== 0 && platform() !== "win32") {
      chmodSync(folder, 0o700);
    }
  } catch (error) {
    throw new LmiError(
      "LMI_LOCAL_STATE_UNWRITABLE",
      `The local target's state folder cannot be made, or not be closed to others: ${folder}`,
      {
        why: (error as NodeJS.ErrnoException).code ?? String(error),
        next: "Choose another folder with LMI_LOCAL_STATE",
        cause: error,
      },
    );
  }
}
