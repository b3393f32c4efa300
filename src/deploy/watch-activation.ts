import type { FunctionState, ManagedInstance } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import type { DeployContext } from "./deploy-context.ts";
import { readyEnvironments, type SeenEnvironments } from "./environment-log.ts";
import { type ProviderEvent, providerEvents, providerLogGroup } from "./provider-log.ts";
import { publishedVersion } from "./readiness.ts";
import { untilAborted } from "./until-aborted.ts";

export interface SeenInstance {
  readonly instanceId: string;
  readonly type: string;
  readonly zone: string | undefined;
  readonly isRunning: boolean;
  /** Launched since the function began to change. */
  readonly isNew: boolean;
}

export interface SeenFunction {
  readonly functionName: string;
  /** False: Lambda has no such function, or says nothing of it. */
  readonly isThere: boolean;
  readonly version: FunctionState | undefined;
  /** Environments that wrote that they are initialised; undefined where the log cannot be read. */
  readonly ready: number | undefined;
}

/** What can be seen of functions on their way to an active version. */
export interface Activation {
  /** Of their providers; undefined where neither EC2 nor the provider's log may be read. */
  readonly instances: readonly SeenInstance[] | undefined;
  /** What the providers wrote since it began, oldest first. */
  readonly events: readonly ProviderEvent[];
  readonly functions: readonly SeenFunction[];
}

export interface ActivationWatch {
  /** Looks at a function, too. `since`: when CloudFormation began with it. */
  add(functionName: string, since: Date): void;
  /** Looks once more, then no longer. */
  end(): Promise<void>;
}

interface Watched {
  readonly since: Date;
  readonly environments: SeenEnvironments;
}

/** The last look is waited for by whoever ends it: no longer than this, ms. */
const longestLastLook = 10_000;

/**
 * Looks again and again at instances, environments and versions while CloudFormation waits for functions: it says
 * nothing of them itself. What cannot be read is left out, and fails nothing.
 */
export function watchActivation(
  context: DeployContext,
  onLook: (activation: Activation) => void,
): ActivationWatch {
  const watched = new Map<string, Watched>();
  const over = new AbortController();
  const goesOn = AbortSignal.any([context.signal, over.signal]);
  const lookOnce = async (signal: AbortSignal) => {
    try {
      onLook(await untilAborted(look(watched, { ...context, signal }), signal));
    } catch (error) {
      // What was seen by then is not all there is.
      if (!signal.aborted) throw error;
    }
  };
  const goOn = async () => {
    while (!goesOn.aborted) {
      await lookOnce(goesOn); // One after the other
      if (goesOn.aborted) return;
      await context.sleep(interval(context), goesOn).catch(() => undefined);
    }
  };
  let looking: Promise<void> | undefined;
  return {
    add: (functionName, since) => {
      if (watched.has(functionName)) return;
      watched.set(functionName, { since, environments: { ready: new Set(), newest: undefined } });
      looking ??= goOn();
    },
    end: async () => {
      over.abort();
      await looking;
      const late = AbortSignal.timeout(longestLastLook);
      if (looking) await lookOnce(AbortSignal.any([context.signal, late]));
    },
  };
}

/** FilterLogEvents and DescribeInstances are shared by the whole account: not as often as CloudFormation is asked. */
function interval({ aws }: DeployContext): number {
  return aws.target.local ? 250 : 5000;
}

async function look(
  watched: ReadonlyMap<string, Watched>,
  context: DeployContext,
): Promise<Activation> {
  const functions = await Promise.all(
    [...watched].map(([functionName, own]) => lookAtFunction(functionName, own, context)),
  );
  const providers = new Set(functions.flatMap(({ providerArn }) => providerArn ?? []));
  const since = new Date(Math.min(...[...watched.values()].map((own) => own.since.getTime())));
  const seen = await Promise.all([...providers].map((arn) => lookAtProvider(arn, since, context)));
  const lists = seen.flatMap(({ instances }) => (instances ? [instances] : []));
  return {
    instances: lists.length === 0 && seen.length > 0 ? undefined : lists.flat(),
    events: seen.flatMap(({ events }) => events),
    functions,
  };
}

async function lookAtFunction(
  functionName: string,
  { since, environments }: Watched,
  { aws, signal }: DeployContext,
) {
  const { functions } = aws;
  const version = await ifSeen(() => functions.find(functionName, publishedVersion));
  const latest = version ?? (await ifSeen(() => functions.find(functionName)));
  const logGroup = latest?.logGroup ?? `/aws/lambda/${functionName}`;
  const query = { logGroup, since, signal };
  return {
    functionName,
    version,
    isThere: latest !== undefined,
    providerArn: latest?.capacityProviderArn,
    ready: await ifSeen(() => readyEnvironments(query, environments, aws)),
  };
}

async function lookAtProvider(arn: string, since: Date, { aws, signal }: DeployContext) {
  const group = await providerLogGroup(arn, aws);
  const [running, told] = await Promise.all([
    ifSeen(() => aws.instances.ofCapacityProvider(arn)),
    group && ifSeen(() => providerEvents({ logGroup: group, since, signal, pages: 20 }, aws)),
  ]);
  const events = told || undefined;
  return {
    instances: running || events ? merged(running ?? [], events ?? [], since) : undefined,
    events: events ?? [],
  };
}

/** EC2 knows what runs now, the provider's log what was launched; either may be all that can be read. */
function merged(
  running: readonly ManagedInstance[],
  events: readonly ProviderEvent[],
  since: Date,
): readonly SeenInstance[] {
  const seen = launchedIn(events);
  for (const { instanceId, instanceType, availabilityZone, state, launchTime } of running) {
    const known = seen.get(instanceId);
    if (state !== "running" && state !== "pending") continue;
    seen.set(instanceId, {
      instanceId,
      type: instanceType,
      zone: availabilityZone,
      isRunning: state === "running" || known?.isRunning === true,
      // EC2 tells whole seconds.
      isNew: known !== undefined || (launchTime?.getTime() ?? 0) + 1000 > since.getTime(),
    });
  }
  return [...seen.values()];
}

function launchedIn(events: readonly ProviderEvent[]): Map<string, SeenInstance> {
  const seen = new Map<string, SeenInstance>();
  for (const { instanceId, operation, types, zones } of events) {
    if (instanceId === undefined) continue;
    if (operation === "Terminated" || operation === "Terminating") seen.delete(instanceId);
    if (operation !== "Launching" && operation !== "Launched") continue;
    const isRunning = operation === "Launched";
    const about = { type: types[0] ?? "", zone: zones[0] };
    seen.set(instanceId, { instanceId, ...about, isRunning, isNew: true });
  }
  return seen;
}

/** A look that fails shows nothing; an abort is seen by whoever waits. */
async function ifSeen<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof LmiError || (error instanceof Error && error.name === "AbortError"))
      return undefined;
    throw error;
  }
}
