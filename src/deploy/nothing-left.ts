import { ExitCode, LmiError } from "../errors.ts";
import { type PriceList, tablePrices } from "../synth/cost/prices.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import type { Ground } from "./ground.ts";
import { costLine, leftLines, leftThings, perDayOf } from "./left-behind.ts";
import { patiently } from "./patiently.ts";
import { providerEvents } from "./provider-log.ts";
import { findRemains, inBrief, isNothing, type Remains } from "./remains.ts";
import { untilAborted } from "./until-aborted.ts";

/** For how long nothing may change before it is stuck, ms. Instances end within minutes; AWS publishes no figure. */
const patience = 15 * 60_000;

/** Between two looks beside CloudFormation's work, ms. */
const lookEvery = 60_000;

export interface Watch {
  readonly ground: Ground;
  readonly context: DeployContext;
  readonly prices?: PriceList | undefined;
  /** Told at each look. */
  readonly onLook?: (remains: Remains) => void;
}

/**
 * Waits until the capacity providers are gone, none of their instances is left in any state but terminated, and none of
 * their network interfaces in any. CloudFormation calls a stack deleted before EC2 has finished with the instances,
 * which cost until then. Fails with LMI_LEFT_RUNNING (exit code 3) when nothing has changed for 15 minutes.
 */
export async function waitUntilNothingRuns(watch: Watch): Promise<void> {
  const { context, ground } = watch;
  const { aws, signal, sleep } = context;
  const progress = progressOf(watch);
  for (;;) {
    signal.throwIfAborted();
    const remains = await findRemains(ground, context);
    watch.onLook?.(remains);
    if (isNothing(remains)) return;
    if (progress.isStuck(remains)) throw await leftRunning(remains, watch);
    await sleep(pollInterval(aws), signal);
  }
}

/**
 * Works on a deletion for as long as anything changes: fails with LMI_LEFT_RUNNING when instances of a provider that is
 * being deleted stay as they are for 15 minutes. CloudFormation itself would wait for hours.
 * @param work is handed a context whose signal ends it then
 */
export async function whileItMoves<T>(
  watch: Watch,
  work: (context: DeployContext) => Promise<T>,
): Promise<T> {
  const stuck = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([watch.context.signal, stuck.signal]);
  const looking = look(watch, AbortSignal.any([signal, over.signal])).then(
    (failure) => failure && stuck.abort(failure),
    // Whatever hinders these looks hinders the work, too, and is told by it.
    () => undefined,
  );
  try {
    return await untilAborted(work({ ...watch.context, signal }), signal);
  } finally {
    over.abort();
    await looking;
  }
}

async function look(watch: Watch, signal: AbortSignal): Promise<LmiError | undefined> {
  const { ground } = watch;
  const context = { ...watch.context, signal };
  const progress = progressOf(watch);
  const pause = context.aws.target.local ? pollInterval(context.aws) * 5 : lookEvery;
  while (ground.providers.length > 0) {
    await context.sleep(pause, signal);
    const remains = await findRemains(ground, context);
    const ending = remains.providers.filter(({ state }) => state === "Deleting");
    const isEnding = ending.length > 0 && remains.instances.length > 0;
    if (progress.isStuck(isEnding ? remains : undefined)) return leftRunning(remains, watch);
  }
  return undefined;
}

/** Tells when what it is shown has been the same for too long. */
function progressOf({ context: { now } }: Watch) {
  let last: string | undefined;
  let since = now().getTime();
  return {
    isStuck: (remains: Remains | undefined): boolean => {
      const state = remains && inBrief(remains);
      const isSame = state !== undefined && state === last;
      if (!isSame) since = now().getTime();
      last = state;
      return isSame && now().getTime() - since > patience;
    },
  };
}

async function leftRunning(remains: Remains, watch: Watch): Promise<LmiError> {
  const { context, prices = tablePrices } = watch;
  const { local } = context.aws.target;
  const things = leftThings({ remains }, prices);
  const evidence = await terminationFailures(watch);
  return new LmiError(
    "LMI_LEFT_RUNNING",
    `AWS does not end everything: nothing has changed for ${patience / 60_000} minutes.`,
    {
      why: [
        ...evidence,
        "Instances of managed capacity can be ended by Lambda alone, not from EC2.",
        costLine(things, local),
        ...leftLines(things),
      ].join("\n"),
      next: "lmi destroy   (goes on from here; if it stays so, ask AWS Support with the ids above)",
      exitCode: ExitCode.partial,
      details: { left: things, perDay: perDayOf(things), evidence },
    },
  );
}

/** What the provider's log says, where it still exists. */
async function terminationFailures({ ground, context }: Watch): Promise<string[]> {
  const { aws, now } = context;
  const since = new Date(now().getTime() - 2 * 60 * 60_000);
  const found = await Promise.all(
    ground.logGroups.map((logGroup) =>
      patiently(context, () => providerEvents({ logGroup, since }, aws)).catch(() => undefined),
    ),
  );
  const newest = new Map<string, string>();
  for (const event of found.flatMap((events) => events ?? []))
    if (event.operation === "TerminateFailed")
      newest.set(
        event.instanceId ?? "",
        `${event.time.toISOString().slice(11, 19)}  provider log  TerminateFailed  ${event.message}`,
      );
  return [...newest.values()];
}
