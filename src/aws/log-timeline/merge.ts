interface Timed {
  readonly time: number;
}

/** What is ahead of one source: a batch, and how far it was read. */
interface Head<Event> {
  readonly source: AsyncIterator<readonly Event[]>;
  batch: readonly Event[];
  next: number;
}

/**
 * Sources that are in order of time by themselves as one, in order of time; at equal times the earlier source goes
 * first. Holds one batch of each.
 */
export async function* merged<Event extends Timed>(
  sources: readonly AsyncIterable<readonly Event[]>[],
): AsyncGenerator<readonly Event[]> {
  const [only, second] = sources;
  if (only !== undefined && second === undefined) {
    yield* only;
    return;
  }
  const all = sources.map((source): Head<Event> => ({
    source: source[Symbol.asyncIterator](),
    batch: [],
    next: 0,
  }));
  try {
    let heads = await filled(all);
    while (heads.length > 0) {
      yield upToFirstEnd(heads);
      heads = await filled(heads);
    }
  } finally {
    await Promise.allSettled(all.map(async ({ source }) => source.return?.()));
  }
}

/** Those of which something is ahead, with a batch where there was none. */
async function filled<Event>(heads: readonly Head<Event>[]): Promise<Head<Event>[]> {
  const more = await Promise.all(heads.map(fill));
  return heads.filter((_, index) => more[index]);
}

async function fill<Event>(head: Head<Event>): Promise<boolean> {
  while (head.next >= head.batch.length) {
    const { done, value } = await head.source.next();
    if (done) return false;
    head.batch = value;
    head.next = 0;
  }
  return true;
}

/** In order, until a batch is at its end: what comes behind it may be older than the rest of the others. */
function upToFirstEnd<Event extends Timed>(heads: readonly Head<Event>[]): Event[] {
  const found: Event[] = [];
  for (;;) {
    const first = earliest(heads);
    const event = first?.batch[first.next];
    if (first === undefined || event === undefined) return found;
    found.push(event);
    first.next += 1;
    if (first.next >= first.batch.length) return found;
  }
}

function earliest<Event extends Timed>(heads: readonly Head<Event>[]): Head<Event> | undefined {
  let best: Head<Event> | undefined;
  let time = Number.POSITIVE_INFINITY;
  for (const head of heads) {
    const at = head.batch[head.next]?.time ?? Number.POSITIVE_INFINITY;
    if (at < time) {
      best = head;
      time = at;
    }
  }
  return best;
}
