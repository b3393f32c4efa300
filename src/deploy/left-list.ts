import type { StackResource } from "../aws/ports.ts";
import { plainReason } from "./reason-text.ts";
import { typeWord } from "./resource-words.ts";

/** Columns of a line that a failure indents by two. */
const lineWidth = 77;

/** Resources that still exist, as aligned lines; a long reason stands below its resource. */
export function leftList(left: readonly StackResource[]): string[] {
  const rows = left.map(({ logicalId, physicalId, type, statusReason }) => ({
    what: typeWord(type),
    name: physicalId ?? logicalId,
    why: statusReason ? plainReason(statusReason) : "",
  }));
  const what = Math.max(0, ...rows.map((row) => row.what.length));
  const name = Math.max(0, ...rows.map((row) => row.name.length));
  return rows.flatMap((row) => {
    const start = `  ${row.what.padEnd(what)}  ${row.name.padEnd(name)}`;
    const line = `${start}  ${row.why}`.trimEnd();
    if (line.length <= lineWidth) return [line];
    return [start.trimEnd(), `  ${" ".repeat(what)}    ${row.why}`];
  });
}
