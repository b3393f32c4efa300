/**
 * Visits every node after those it needs, as many at once as the graph allows.
 * After a failure nothing new is started, unless `goOn`: then only what needs the failed node is left out.
 * Resolves when all that was started has ended. Answers the nodes that failed.
 */
export async function walk(
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  visit: (id: string) => Promise<void>,
  options: { readonly goOn?: boolean; readonly onFailure?: () => void } = {},
): Promise<string[]> {
  const waiting = new Map([...graph].map(([id, needs]) => [id, new Set(needs)]));
  const running = new Map<string, Promise<void>>();
  const failed: string[] = [];
  const fatal: unknown[] = [];

  const ended = (id: string): void => {
    running.delete(id);
    for (const needs of waiting.values()) needs.delete(id);
  };
  const start = (id: string): void => {
    waiting.delete(id);
    const work = visit(id).then(
      () => ended(id),
      (error: unknown) => {
        running.delete(id);
        if (error instanceof VisitFailed) {
          failed.push(id);
          options.onFailure?.();
        } else fatal.push(error);
      },
    );
    running.set(id, work);
  };
  const startReady = (): void => {
    if (fatal.length > 0 || (failed.length > 0 && !options.goOn)) return;
    for (const [id, needs] of waiting) if (needs.size === 0) start(id);
  };

  startReady();
  while (running.size > 0) {
    // What becomes ready depends on what has just ended.
    await Promise.race(running.values());
    startReady();
  }
  if (fatal.length > 0) throw fatal[0];
  return failed;
}

/** The visit of one node failed, and that was recorded; anything else thrown ends the whole walk. */
export class VisitFailed extends Error {}
