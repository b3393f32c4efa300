import type { FaultRecord, FaultRule } from "../../../local/faults/fault.ts";

/** A line for each fault: what, where, how often, and how often so far. */
export function renderFaults(faults: readonly FaultRecord[]): string {
  const rows = faults.map(({ id, rule, seen, hits, source }) => [
    id,
    rule.fault,
    whereOf(rule),
    limitsOf(rule),
    `${seen === 0 ? "not struck yet" : `struck ${hits} of ${seen}`}${source === "file" ? "  (rules file)" : ""}`,
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  "))
    .join("\n");
}

function whereOf(rule: FaultRule): string {
  const { service, operation, resourceType, logicalId, action, region, functionName, code } = rule;
  const of = [service, operation, action, resourceType, logicalId, functionName];
  const parts = [...of, code, region && `in ${region}`];
  const words = parts.filter((part) => part !== undefined).join(" ");
  return words === "" ? "anywhere" : words;
}

function limitsOf({ after, times, every, probability, delayMs }: FaultRule): string {
  const parts = [
    delayMs === undefined ? undefined : `${delayMs} ms`,
    times === undefined ? "always" : `${times} ×`,
    every === undefined ? undefined : `each ${every}.`,
    after === undefined ? undefined : `after ${after}`,
    probability === undefined ? undefined : `chance ${probability}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}
