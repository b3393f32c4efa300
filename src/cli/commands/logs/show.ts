import { untilAborted } from "../../../deploy/until-aborted.ts";
import type { Aws, LogTrouble, TimelineEvent } from "../../../aws/ports.ts";
import { LmiError } from "../../../errors.ts";
import type { Deps } from "../../deps.ts";
import { intoProject, type NamedBy, withoutProject } from "../deploy/stack-not-found.ts";
import type { LineFilter } from "./line-filter.ts";
import type { LogView } from "./log-view.ts";
import type { LogWindow } from "./options.ts";
import { elsewhere } from "./sources.ts";
import type { LogSource } from "./sources.ts";

export interface LogsRequest {
  readonly sources: readonly LogSource[];
  readonly window: LogWindow;
  readonly filter: LineFilter;
  /** Whether lines that were read may not be wanted: failed requests alone, or those of a level. */
  readonly isChosenHere: boolean;
  readonly liveTail: boolean;
  /** A function that is named and that the settings do not have: no deploy would make it while it is followed. */
  readonly stranger: string | undefined;
  readonly project: NamedBy;
}

type ShowDeps = Pick<Deps, "system" | "reporter">;

/** Asks CloudWatch at once; only what the usual groups do not have is looked for elsewhere. */
export async function showStored(
  request: LogsRequest,
  view: LogView,
  aws: Aws,
  deps: ShowDeps,
): Promise<void> {
  const missing = new Set<string>();
  let sources = request.sources;
  try {
    const silent = await showSources(sources, { request, view, aws, deps, missing });
    const { interrupt } = deps.system;
    const others = await untilAborted(elsewhere(silent, aws.functions), interrupt);
    sources = [...sources, ...others];
    view.replaceSources(sources);
    if (others.length > 0) await showSources(others, { request, view, aws, deps, missing });
  } finally {
    view.end();
  }
  if (sources.every(({ logGroup }) => missing.has(logGroup)))
    throw noSuchGroup(request.sources, aws, request.project);
}

interface Showing {
  readonly request: LogsRequest;
  readonly view: LogView;
  readonly aws: Aws;
  readonly deps: ShowDeps;
  readonly missing: Set<string>;
}

/** Resolves to those that had no lines. */
async function showSources(
  sources: readonly LogSource[],
  { request, view, aws, deps, missing }: Showing,
): Promise<LogSource[]> {
  const silent = new Set(sources.map(({ logGroup }) => logGroup));
  const stored = aws.logTimeline.stored({
    ...queryOf(sources, request, deps),
    until: request.window.until,
    onMissing: (logGroup) => void missing.add(logGroup),
  });
  for await (const batch of stored) {
    if (silent.size > 0) for (const { logGroup } of batch) silent.delete(logGroup);
    await view.show(wanted(batch, request));
  }
  return sources.filter(({ logGroup }) => silent.has(logGroup));
}

export async function showFollowed(
  request: LogsRequest,
  view: LogView,
  aws: Aws,
  deps: ShowDeps,
): Promise<void> {
  const { reporter } = deps;
  const others = await elsewhere(request.sources, aws.functions);
  const moved = new Map(others.map((source) => [source.name, source]));
  const sources = request.sources.map((source) =>
    source.kind === "function" ? (moved.get(source.name) ?? source) : source,
  );
  view.replaceSources(sources);
  const isExpected = await willCome(request.stranger, aws);
  let said = "";
  const followed = aws.logTimeline.followed({
    ...queryOf(sources, request, deps),
    liveTail: request.liveTail,
    onMissing: (logGroup) => {
      if (!isExpected) throw noSuchGroup(sources, aws, request.project);
      reporter.info(`There is no log group ${logGroup} yet; it is looked for again.`);
    },
    onWay: (way, why) => {
      if (way !== said) reporter.detail(wayText(way, why));
      said = way;
    },
  });
  try {
    for await (const batch of followed) await view.show(wanted(batch, request));
  } finally {
    view.end();
  }
}

/** Functions of the settings may be about to be deployed; another one logs once it is there. */
async function willCome(stranger: string | undefined, { functions }: Aws): Promise<boolean> {
  if (stranger === undefined) return true;
  // Whoever may read logs need not be allowed to see the function.
  return (await functions.find(stranger).catch(() => undefined)) !== undefined;
}

function queryOf(sources: readonly LogSource[], request: LogsRequest, deps: ShowDeps) {
  return {
    logGroups: sources.map(({ logGroup }) => logGroup),
    since: request.window.since,
    filter: request.filter.pattern,
    signal: deps.system.interrupt,
    onTrouble: (trouble: LogTrouble) => sayTrouble(trouble, deps),
  };
}

function wanted(
  batch: readonly TimelineEvent[],
  { filter: { wants } }: LogsRequest,
): readonly TimelineEvent[] {
  return wants === undefined ? batch : batch.filter(({ message }) => wants(message));
}

function sayTrouble({ message, waitMs }: LogTrouble, { reporter }: ShowDeps): void {
  const text = `${message} Asked again in ${(waitMs / 1000).toFixed(1)} s; nothing is lost.`;
  if (waitMs < 2000) reporter.detail(text);
  else reporter.info(text);
}

function wayText(way: "live" | "polling", why: string | undefined): string {
  if (way === "live") return "New lines come by Live Tail.";
  return `New lines come by polling${why === undefined || why === "" ? "" : `: ${why}`}.`;
}

/** Lambda developer guide, lambda-managed-instances-troubleshooting. */
const withoutEgress =
  "A function that answers and logs nothing has no way from its subnets to\n  CloudWatch Logs (network.egress): lmi doctor looks for one.";

export function sayIfNothing(
  { sources, window, filter, isChosenHere }: LogsRequest,
  view: LogView,
  { reporter }: ShowDeps,
): void {
  if (view.shown > 0) return;
  const groups = sources.map(({ logGroup }) => logGroup).join(", ");
  const isChosen = isChosenHere || filter.pattern !== undefined;
  const lines = isChosen ? "No lines that match" : "No lines";
  const until = window.until === undefined ? "" : ` until ${window.until.toISOString()}`;
  reporter.info(`${lines} in ${groups} since ${window.since.toISOString()}${until}.`);
  const isAllOfThem = !isChosen && sources.some(({ kind }) => kind === "function");
  if (isAllOfThem) reporter.info(withoutEgress);
}

function noSuchGroup(sources: readonly LogSource[], { target }: Aws, project: NamedBy): LmiError {
  const [first, second] = sources.map(({ logGroup }) => logGroup);
  const what = second === undefined ? `no log group ${first}` : "none of the project's log groups";
  return new LmiError("LMI_LOG_GROUP_NOT_FOUND", `There is ${what} in region ${target.region}.`, {
    why:
      withoutProject(project) ??
      (second === undefined
        ? "It is made by the deployment."
        : `They are made by the deployment: ${sources.map(({ logGroup }) => logGroup).join(", ")}.`),
    next:
      withoutProject(project) === undefined
        ? `Deploy it: lmi deploy${target.local ? " --local" : ""}`
        : intoProject,
  });
}
