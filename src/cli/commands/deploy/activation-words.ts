import type { SeenFunction, SeenInstance } from "../../../deploy/watch-activation.ts";
import { isServing } from "../../../deploy/readiness.ts";

/** `1 launched: m7i.xlarge us-east-1a`; `2 running: …` where none is of this change. */
export function instancesInWords(instances: readonly SeenInstance[] | undefined): string {
  if (instances === undefined) return "not visible to the caller";
  const fresh = instances.filter(({ isNew }) => isNew);
  if (instances.length === 0) return "Lambda has launched none yet";
  if (fresh.length === 0) return `${instances.length} running: ${places(instances)}`;
  const launched = fresh.filter(({ isRunning }) => isRunning).length;
  const counted = launched === fresh.length ? `${launched}` : `${launched} of ${fresh.length}`;
  const others = instances.length - fresh.length;
  const beside = others === 0 ? "" : `, beside ${others}`;
  return `${counted} launched: ${places(fresh)}${beside}`;
}

/** `m7i.xlarge us-east-1a`, `3 × m7i.xlarge us-east-1a/b`: a line has no room for each of several. */
function places(instances: readonly SeenInstance[]): string {
  return [...Map.groupBy(instances, ({ type }) => type)]
    .map(([type, alike]) => {
      const zones = [...new Set(alike.flatMap(({ zone }) => zone ?? []))].toSorted();
      const count = alike.length === Math.max(zones.length, 1) ? "" : `${alike.length} × `;
      return `${count}${type} ${zonesInWords(zones)}`.trim();
    })
    .join(", ");
}

/** `us-east-1a/b`. */
function zonesInWords([first = "", ...others]: readonly string[]): string {
  const region = first.slice(0, -1);
  return [
    first,
    ...others.map((zone) => (zone.startsWith(region) ? zone.slice(region.length) : zone)),
  ].join("/");
}

/** `2 of 3 ready`; with several functions `hello 2 of 3, orders 0 of 3 ready`. */
export function environmentsInWords(
  functions: readonly SeenFunction[],
  minimum: (functionName: string) => number,
): string {
  const counts = functions.map((each) => {
    const least = minimum(each.functionName);
    const name = functions.length === 1 ? "" : `${each.functionName} `;
    const ready = readyOf(each, least);
    return `${name}${ready === undefined ? "?" : Math.min(ready, least)} of ${least}`;
  });
  const isUnknown = functions.some((each) => readyOf(each, 1) === undefined);
  return `${counts.join(", ")} ready${isUnknown ? " (the log cannot be read)" : ""}`;
}

/**
 * A version is active only when its minimum of environments is up (Lambda developer guide,
 * lambda-managed-instances-execution-environment): whatever the log says, it is all of them then.
 */
export function readyOf({ version, ready }: SeenFunction, least: number): number | undefined {
  return version !== undefined && isServing(version) ? Math.max(least, ready ?? 0) : ready;
}

export function versionsInWords(functions: readonly SeenFunction[]): string {
  const [only] = functions;
  if (only === undefined) return "";
  if (functions.length === 1) return `$LATEST.PUBLISHED ${stateOf(only)}`;
  const active = functions.filter(({ version }) => version && isServing(version)).length;
  const waiting = functions.find(({ version }) => !version || !isServing(version));
  const which = waiting ? `: ${waiting.functionName} ${stateOf(waiting)}` : "";
  return `${active} of ${functions.length} active${which}`;
}

/** Short: `Pending`, `Active, update InProgress`. */
function stateOf({ version }: SeenFunction): string {
  if (version === undefined || version.state !== "Active")
    return version?.state ?? "not published yet";
  return isServing(version) ? "Active" : `Active, update ${version.lastUpdateStatus}`;
}
