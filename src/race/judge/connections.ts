import type { Finding, Place } from "../finding.ts";
import type { SharedConnections } from "../run/worker/records.ts";
import { reasonOf } from "./reasons.ts";
import { type RunFacts, recordsOf } from "./run-facts.ts";

/** In how many waves more requests must have waited than there were connections: once may be chance. */
const minWaves = { known: 2, unknown: 3 };

/** All that one worker showed of its connections to one far side. */
interface Seen {
  readonly remote: string;
  readonly waves: readonly SharedConnections[];
  /** Open at the same time, in the wave that had most. */
  readonly connections: number;
}

/**
 * Connections that are no HTTP: fewer than the requests that wait for them. Proven where the source has a pool of that
 * size; otherwise the code may let no more through on purpose, which is a hint.
 */
export function judgeConnections(facts: RunFacts): Finding[] {
  const records = recordsOf(facts, "shared-connections");
  const groups = Map.groupBy(records, ({ remote, thread }) => `${thread} ${remote}`);
  const seen = [...groups.values()].flatMap((waves): Seen[] => {
    const [first] = waves;
    // Where several share a connection at once, nobody has to wait for one.
    if (!first || waves.some(({ pipelined }) => pipelined)) return [];
    const connections = Math.max(...waves.map((wave) => wave.connections));
    return [{ remote: first.remote, waves, connections }];
  });
  // Each worker has its own pool, of the same size.
  const bySize = Map.groupBy(seen, ({ connections }) => connections);
  return [...bySize].flatMap(([connections, all]) => findingOf(facts, connections, all) ?? []);
}

function findingOf(
  facts: RunFacts,
  connections: number,
  seen: readonly Seen[],
): Finding | undefined {
  const known = facts.poolSizes?.includes(connections) === true;
  // Who waited just before may have waited for a connection: a pool of that size says so.
  const wanted = ({ waited, asked }: SharedConnections) => (known ? asked : waited);
  const waves = seen.flatMap((each) => each.waves);
  const short = waves.filter((wave) => wanted(wave) > connections);
  if (short.length < minWaves[known ? "known" : "unknown"]) return undefined;
  const most = Math.max(...short.map(wanted));
  const open = `${connections} ${connections === 1 ? "connection" : "connections"}`;
  const place = placeOf(facts, short);
  return {
    kind: "small-connection-pool",
    by: "run",
    verdict: known ? "unsafe" : "suspicious",
    what: `${most} requests of one worker wait for ${open}`,
    ...reasonOf("small-connection-pool"),
    place,
    connections,
    evidence: [
      `${place?.text ?? "an await"}   ← waits for ${named(seen)}`,
      `never more than ${open} open while up to ${most} requests waited, in ${short.length} of ${waves.length} waves`,
      ...(known ? [] : [onPurpose]),
    ],
  };
}

const onPurpose =
  "no pool of that size stands in the source: the code may let no more through on purpose";

function placeOf({ places }: RunFacts, waves: readonly SharedConnections[]): Place | undefined {
  const site = waves.find((wave) => wave.site !== undefined)?.site;
  return site === undefined ? undefined : places.ofSite(site);
}

function named(seen: readonly Seen[]): string {
  const [remote = "", ...more] = new Set(seen.map((each) => each.remote));
  return more.length > 0 ? `${remote} and ${more.length} more` : remote;
}
