/** What a worker thread is told of the run; it stands in the URL that preloads it. */
export interface WorkerPlan {
  readonly seed: number;
  /** Folder of the instrumented code, absolute: what a stack says of other files is nobody's place. */
  readonly taskRoot: string;
  /** Milliseconds by which every await is held in earnest, in waves after the first. For answers of requests that run alone. */
  readonly slowMs: number;
  /** Waves after which the heap is measured. */
  readonly measuredWaves: readonly number[];
  /** Milliseconds by which clocks are ahead; nothing: they are right. */
  readonly aheadMs?: number | undefined;
  /** `http://127.0.0.1:PORT` that stands in for every host outside of this machine. Nothing: calls go out. */
  readonly standIn?: string | undefined;
}

export function preloadUrl(preload: string, plan: WorkerPlan): string {
  return `${preload}?plan=${encodeURIComponent(JSON.stringify(plan))}`;
}

export function readPlan(url: string): WorkerPlan {
  return JSON.parse(new URL(url).searchParams.get("plan") ?? "{}") as WorkerPlan;
}
