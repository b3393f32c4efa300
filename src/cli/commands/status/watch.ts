import { LmiError } from "../../../errors.ts";
import type { Deps } from "../../deps.ts";
import type { Screen, ScreenEvent } from "../../output/screen.ts";
import { dashboard, type DashboardFrame, scrollLimit } from "./dashboard.ts";
import type { Status } from "./model.ts";
import type { KeptFacts, ReadStatus } from "./read-status.ts";
import { renderStatus } from "./render.ts";
import { clockWithSeconds } from "./words.ts";

export interface Watched {
  /** Reads again; with `kept`, without what changes slowly. Rejects where there is no such stack any more. */
  readonly read: (kept: KeptFacts | undefined) => Promise<ReadStatus>;
  /** Milliseconds between two looks. */
  readonly interval: number;
  readonly local: boolean;
}

type WatchDeps = Pick<Deps, "system" | "reporter">;

/** CloudWatch has new points each minute at the most, and bills each metric that is asked for. */
const slowEvery = { local: 0, aws: 60_000 } as const;
/** After failures it looks less and less often. */
const longestPause = 60_000;
/** At most so many capacity providers a second: a third of the reads that an account has. */
const providersPerSecond = 5;

/** What stands between two looks. */
interface Pauses {
  /** Resolves after the time, or when somebody wants something earlier. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Nobody wants to see more. */
  readonly isOver: () => boolean;
  /** Whether everything is to be read, also what changes slowly; asking takes the wish back. */
  readonly wantsAll: () => boolean;
}

type Show = (status: Status, problem: string | undefined) => void;

/** Looks until it is over. What passes (throttling, a lost network) leaves what was seen last; the rest is thrown. */
async function look(watched: Watched, { system }: WatchDeps, pauses: Pauses, show: Show) {
  let seen: ReadStatus | undefined;
  let failures = 0;
  while (!pauses.isOver()) {
    const kept = pauses.wantsAll() ? undefined : young(seen, system.now(), watched.local);
    try {
      const found = await watched.read(kept);
      // What changes slowly has changed now: the next look reads it, too.
      seen = isSameStack(seen, found) ? found : { ...found, kept: undefined };
      failures = 0;
      if (!pauses.isOver()) show(found.status, undefined);
    } catch (error) {
      if (pauses.isOver()) return;
      if (seen === undefined || !isPassing(error)) throw error;
      failures += 1;
      show(seen.status, `${clockWithSeconds(system.now())} not looked at: ${error.message}`);
    }
    await pauses.wait(pauseOf(watched, seen?.status, failures));
  }
}

function pauseOf({ interval }: Watched, status: Status | undefined, failures: number): number {
  const pace = ((status?.capacityProviders.length ?? 0) / providersPerSecond) * 1000;
  const usual = Math.max(interval, pace);
  return Math.max(usual, Math.min(usual * 2 ** failures, longestPause));
}

function young(seen: ReadStatus | undefined, now: Date, local: boolean): KeptFacts | undefined {
  const kept = seen?.kept;
  if (kept === undefined) return undefined;
  const age = now.getTime() - kept.at.getTime();
  return age < (local ? slowEvery.local : slowEvery.aws) ? kept : undefined;
}

function isSameStack(seen: ReadStatus | undefined, found: ReadStatus): boolean {
  if (seen === undefined) return true;
  const [before, after] = [seen.status.stack, found.status.stack];
  return (
    before.status === after.status && before.updatedAt?.getTime() === after.updatedAt?.getTime()
  );
}

const passing = new Set([
  "LMI_THROTTLED",
  "LMI_ENDPOINT_UNREACHABLE",
  "LMI_CONNECTION_BROKEN",
  "LMI_REGION_UNREACHABLE",
  "LMI_AWS_ERROR",
  "LMI_CREDENTIALS_EXPIRED",
]);

function isPassing(error: unknown): error is LmiError {
  return error instanceof LmiError && passing.has(error.code);
}

/** One snapshot after the other: JSON lines with `--json`, else texts with an empty line between. */
export async function watchInLines(
  watched: Watched,
  deps: WatchDeps,
  json: boolean,
): Promise<void> {
  const { system, reporter } = deps;
  const pauses: Pauses = {
    wait: (milliseconds) => system.sleep(milliseconds, system.interrupt).catch(() => {}),
    isOver: () => system.interrupt.aborted,
    wantsAll: () => false,
  };
  await look(watched, deps, pauses, (status, problem) => {
    if (problem !== undefined) return reporter.warn(problem);
    if (json) reporter.event("status", { ...status });
    else {
      const columns = system.stdoutIsTerminal ? system.columns : undefined;
      const text = renderStatus(status, watched.local, columns);
      reporter.raw(`Time       ${status.time.toISOString()}\n${text}\n\n`);
    }
  });
}

/** The dashboard, until `q`, Ctrl-C or SIGTERM; the terminal is then as it was. */
export async function watchOnScreen(
  watched: Watched,
  deps: WatchDeps,
  openScreen: () => Promise<Screen>,
): Promise<void> {
  const screen = await openScreen();
  const pauses = createPauses(deps.system);
  const view = createView(screen, watched);
  screen.onEvent((event) => {
    if (event === "leave") pauses.end();
    else if (event === "refresh") pauses.wantAll();
    else view.move(event);
  });
  try {
    screen.draw([["Looking …"]]);
    // A request that is under way is not waited for.
    await Promise.race([look(watched, deps, pauses, view.show), pauses.ended]);
  } finally {
    screen.close();
  }
  if (!deps.system.interrupt.aborted) screen.end();
}

function createPauses({ sleep, interrupt }: Pick<Deps, "system">["system"]) {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let isOver = interrupt.aborted;
  let wantsAll = false;
  let stop = new AbortController();
  const end = () => {
    isOver = true;
    stop.abort();
    resolve();
  };
  interrupt.addEventListener("abort", end, { once: true });
  return {
    ended,
    end,
    isOver: () => isOver,
    wantAll: () => {
      wantsAll = true;
      stop.abort();
    },
    wantsAll: () => {
      const wanted = wantsAll;
      wantsAll = false;
      return wanted;
    },
    wait: async (milliseconds: number) => {
      stop = new AbortController();
      if (!isOver && !wantsAll) await sleep(milliseconds, stop.signal).catch(() => {});
    },
  };
}

/** What the screen shows, and how far it is scrolled. */
function createView(screen: Screen, { interval, local }: Watched) {
  let scroll = 0;
  let shown: { readonly status: Status; readonly problem: string | undefined } | undefined;
  const draw = () => {
    if (shown === undefined) return;
    const { columns, rows } = screen;
    const frame: DashboardFrame = {
      columns,
      rows,
      scroll,
      interval,
      local,
      problem: shown.problem,
    };
    scroll = Math.min(scroll, scrollLimit(shown.status, frame));
    screen.draw(dashboard(shown.status, { ...frame, scroll }));
  };
  return {
    show: (status: Status, problem: string | undefined) => {
      shown = { status, problem };
      draw();
    },
    move: (event: ScreenEvent) => {
      if (event === "up") scroll = Math.max(0, scroll - 1);
      if (event === "down") scroll += 1;
      draw();
    },
  };
}
