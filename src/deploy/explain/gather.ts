import type { Aws, LogEvent, LogQuery, ManagedInstance } from "../../aws/ports.ts";
import { LmiError } from "../../errors.ts";
import { capacityProviderLogGroup, functionLogGroup } from "../../synth/names.ts";
import type { DeployContext } from "../deploy-context.ts";
import { type ProviderEvent, providerLogGroup, readProviderEvents } from "../provider-log.ts";
import type { Evidence, Findings } from "./evidence.ts";
import { runningVersions } from "./running-besides.ts";
import { functionLines } from "./function-lines.ts";
import { failedLaunches, providerLines, unhealthyInstances } from "./provider-lines.ts";

/** What failed, as far as it is known. */
export interface Subject {
  /** Tells functions and providers where they are not named. */
  readonly stackName?: string | undefined;
  /** The resource that failed. */
  readonly logicalId?: string | undefined;
  readonly functionName?: string | undefined;
  readonly capacityProvider?: string | undefined;
  /** Of the function, where it is known. */
  readonly logGroup?: string | undefined;
  /** Whose log most likely tells: that one is looked at again while it is empty, since lines arrive late. */
  readonly wanted: "function" | "provider";
  /** Whether it matters what else runs on the provider: where it may not grow. */
  readonly counts?: boolean;
  readonly since: Date;
}

/** Milliseconds for all of it: evidence is worth a few seconds, and no failure of its own. */
const limit = { local: 5000, aws: 10_000 } as const;
/** Waits before a log that is empty is looked at again. CloudWatch Logs shows lines after some seconds. */
const pauses = { local: [100, 200, 400], aws: [1500, 3000] } as const;

/** Reads what instances, provider and function have told since a time. Never fails, and ends within seconds. */
export async function gatherEvidence(subject: Subject, context: DeployContext): Promise<Findings> {
  const place = context.aws.target.local ? "local" : "aws";
  const late = AbortSignal.any([context.signal, AbortSignal.timeout(limit[place])]);
  const gaps: string[] = [];
  /** Answers undefined, and says so, where something cannot be read. */
  const reading = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await before(late, read());
    } catch (error) {
      gaps.push(`${what} could not be read: ${reasonOf(error, late)}.`);
      return undefined;
    }
  };
  const names = (await reading("The stack", () => namesOf(subject, context.aws))) ?? subject;
  const again = async <T>(isWanted: boolean, read: () => Promise<readonly T[]>) => {
    let found = await read();
    for (const pause of isWanted ? pauses[place] : []) {
      if (found.length > 0 || late.aborted) break;
      await context.sleep(pause, late);
      found = await read();
    }
    return found;
  };
  const tools = { context, reading, again, late };
  // The log that tells most comes first: what else is asked may take so long that a rollback has deleted it.
  const ofFunction = await functionFindings(subject, names, tools);
  const ofProvider = await providerFindings(subject, names, tools);
  return {
    lines: [...ofProvider.lines, ...ofFunction],
    gaps,
    failedLaunches: failedLaunches(ofProvider.events),
    unhealthy: unhealthyInstances(ofProvider.events),
    instances: ofProvider.instances,
    running: ofProvider.running,
    functionName: names.functionName,
  };
}

interface Tools {
  readonly context: DeployContext;
  readonly reading: <T>(what: string, read: () => Promise<T>) => Promise<T | undefined>;
  readonly again: <T>(
    isWanted: boolean,
    read: () => Promise<readonly T[]>,
  ) => Promise<readonly T[]>;
  readonly late: AbortSignal;
}

type Names = Pick<Subject, "functionName" | "capacityProvider" | "stackName" | "logGroup">;

/** A stack says what its function and its provider are called. */
async function namesOf(subject: Subject, aws: Aws): Promise<Names> {
  const { stackName, logicalId } = subject;
  if (stackName === undefined) return subject;
  const resources = await aws.stacks.resources(stackName);
  const own = resources.find((resource) => resource.logicalId === logicalId);
  const isFunction = own?.type === "AWS::Lambda::Function";
  const functionName = subject.functionName ?? (isFunction ? own.physicalId : undefined);
  const provider = resources.find(({ type }) => type === "AWS::Lambda::CapacityProvider");
  const isProvider = own?.type === "AWS::Lambda::CapacityProvider";
  const state = functionName === undefined ? undefined : await aws.functions.find(functionName);
  const capacityProvider = isProvider
    ? own.physicalId
    : (state?.capacityProviderArn ?? provider?.physicalId);
  return { stackName, functionName, capacityProvider, logGroup: state?.logGroup };
}

async function providerFindings(
  { wanted, since, counts = false }: Subject,
  { capacityProvider, stackName }: Names,
  { context: { aws }, reading, again, late }: Tools,
): Promise<{
  events: readonly ProviderEvent[];
  instances: Findings["instances"];
  running: Findings["running"];
  lines: Evidence[];
}> {
  const none = { events: [], instances: undefined, running: [], lines: [] };
  if (capacityProvider === undefined) return none;
  const read = async () => {
    const own = await providerLogGroup(capacityProvider, aws);
    const logGroup = own ?? (stackName && capacityProviderLogGroup(stackName));
    if (!logGroup) return [];
    return again(wanted === "provider", () =>
      readProviderEvents({ logGroup, since, signal: late }, aws),
    );
  };
  const events = (await reading("The provider's log", read)) ?? [];
  const instances =
    wanted === "provider"
      ? await reading("Its instances", () => instancesOf(capacityProvider, aws))
      : undefined;
  const running = counts
    ? await reading("What else runs on the provider", () => runningVersions(capacityProvider, aws))
    : [];
  const counted = instances ? [instanceLine(instances)] : [];
  return {
    events,
    instances,
    running: running ?? [],
    lines: [...providerLines(events), ...counted],
  };
}

async function instancesOf(
  nameOrArn: string,
  { capacityProviders, instances }: Aws,
): Promise<readonly ManagedInstance[]> {
  const arn = nameOrArn.startsWith("arn:")
    ? nameOrArn
    : (await capacityProviders.find(nameOrArn))?.arn;
  return arn === undefined ? [] : instances.ofCapacityProvider(arn);
}

/** `now  instances  2 running: 2 × m7i.xlarge`. */
function instanceLine(instances: readonly ManagedInstance[]): Evidence {
  const counts = new Map<string, number>();
  for (const { instanceType } of instances)
    counts.set(instanceType, (counts.get(instanceType) ?? 0) + 1);
  const types = [...counts].map(([type, count]) => `${count} × ${type}`).join(", ");
  const text = instances.length === 0 ? "none running" : `${instances.length} running: ${types}`;
  return { source: "instances", time: undefined, text };
}

async function functionFindings(
  { wanted, since }: Subject,
  { functionName, logGroup: known }: Names,
  { context: { aws }, reading, again, late }: Tools,
): Promise<Evidence[]> {
  if (functionName === undefined || wanted !== "function") return [];
  const read = async () => {
    const logGroup = known ?? functionLogGroup(functionName);
    return again(true, async () => functionLines(await startEvents(aws, logGroup, since, late)));
  };
  return [...((await reading("The function's log", read)) ?? [])];
}

/** A log of a first start is short; what is longer is not read to its end. */
const mostEvents = 2000;

/** What a start writes beside requests: in the log of a function that answers, all else is theirs. */
const noRequest = (name: string) => `($.${name} NOT EXISTS || $.${name} != "*-*-*-*-*")`;
const isError = '($.level = "ERROR" || $.level = "FATAL" || $.level = "CRITICAL")';
const ofStarts = `{ $.type = "platform.init*" || (${noRequest("requestId")} && ${noRequest("AWSRequestId")} && ${isError}) }`;

async function startEvents(
  aws: Aws,
  logGroup: string,
  since: Date,
  signal: AbortSignal,
): Promise<LogEvent[]> {
  const all = await readSome({ logGroup, since, signal }, aws);
  return all.length < mostEvents
    ? all
    : readSome({ logGroup, since, signal, filter: ofStarts }, aws);
}

async function readSome(query: LogQuery, { logs }: Aws): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const event of logs.events(query)) {
    events.push(event);
    if (events.length >= mostEvents) break;
  }
  return events;
}

/** Rejects when the signal aborts, whatever the work does. */
function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new LmiError("LMI_TIMED_OUT", "Too late."));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function reasonOf(error: unknown, late: AbortSignal): string {
  if (late.aborted) return "AWS did not answer in time";
  if (!(error instanceof LmiError)) return error instanceof Error ? error.message : String(error);
  if (error.code === "LMI_LOG_GROUP_NOT_FOUND") return "its log group does not exist, or no longer";
  const said = error.code === "LMI_ACCESS_DENIED" ? (error.why ?? error.message) : error.message;
  return said.split("\n")[0]?.replace(/\.$/, "") ?? error.code;
}
