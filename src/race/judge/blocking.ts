import type { Finding } from "../finding.ts";
import { runsAlone } from "../run/alone.ts";
import { blockedMs } from "../run/worker/gate.ts";
import { beginning } from "../run/worker/sites.ts";
import { reasonOf } from "./reasons.ts";
import type { RunFacts } from "./run-facts.ts";
import { recordsOf } from "./run-facts.ts";

/** How often the event loop must have been kept after the same await, at least, and in which part of all passes. */
const minTimes = 3;
const minPart = 0.5;

/** Code that keeps the event loop nearly whenever it runs; a machine that is busy for a moment is no finding. */
export function judgeBlocking(facts: RunFacts): Finding[] {
  const passes = new Map<number, number>();
  for (const { requests } of recordsOf(facts, "wave"))
    for (const { held } of requests) {
      for (const { site } of held) passes.set(site, (passes.get(site) ?? 0) + 1);
      passes.set(beginning, (passes.get(beginning) ?? 0) + 1);
    }
  const alone = blockedAlone(facts);
  // By the clock alone, a busy machine would be accused in the code's place.
  const proven = recordsOf(facts, "blocked").flatMap(
    ({ site, request, milliseconds, cpuMs = 0 }) => {
      const own = Math.max(cpuMs, Math.min(milliseconds, alone.get(site) ?? 0));
      return own > blockedMs ? [{ site, request, own }] : [];
    },
  );
  const seen = Map.groupBy(proven, ({ site }) => site);
  return [...seen].flatMap(([site, all]): Finding[] => {
    const part = all.length / (passes.get(site) ?? all.length);
    if (all.length < minTimes || part < minPart) return [];
    const times = all.map(({ own }) => own).toSorted((a, b) => a - b);
    const usual = times[Math.floor(times.length / 2)] ?? 0;
    const place = facts.places.ofSite(site);
    return [
      {
        kind: "blocked-event-loop",
        by: "run",
        verdict: "unsafe",
        what: `A request keeps the event loop for ${Math.round(usual)} ms`,
        ...reasonOf("blocked-event-loop"),
        place,
        evidence: [
          place
            ? `${place.text ?? ""}   ← in what follows this await`
            : "from the handler's beginning on",
          `${all.length} times, ${Math.round(times[0] ?? 0)} to ${Math.round(times.at(-1) ?? 0)} ms`,
        ],
        requests: all.slice(0, 2).map(({ request }) => request),
      },
    ];
  });
}

/** Milliseconds for which a site keeps the event loop in runs alone: the least of an event that shows it in each run. */
function blockedAlone({ references }: RunFacts): Map<number, number> {
  const found = new Map<number, number>();
  for (const { records } of references) {
    const seen = Map.groupBy(recordsOf({ records }, "blocked"), ({ site }) => site);
    for (const [site, all] of seen) {
      if (all.length < runsAlone) continue;
      const least = Math.min(...all.map(({ milliseconds }) => milliseconds));
      found.set(site, Math.max(found.get(site) ?? 0, least));
    }
  }
  return found;
}
