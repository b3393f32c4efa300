import type { FaultRule } from "../../../src/local/faults/fault.ts";
import type { Proving, Struck } from "./fault-matrix.ts";
import { promised, type Trouble, troubles } from "./fault-table.ts";
import type { Lane } from "./lane.ts";

/** One operation of one command under one trouble. */
export interface Cell {
  /** `service:Operation` */
  readonly operation: string;
  /** Occurrences that pass first. */
  readonly after: number;
  readonly trouble: Trouble;
}

/** Operations × troubles; what is called several times, also from the second time on. */
export function cellsOf(command: string, recorded: ReadonlyMap<string, number>): Cell[] {
  return [...recorded].flatMap(([operation, count]) =>
    (count > 1 ? [0, 1] : [0]).flatMap((after) =>
      troubles.map((trouble) => ({
        operation,
        after,
        trouble: promised(command, operation, trouble),
      })),
    ),
  );
}

export function nameOf({ operation, after, trouble }: Cell): string {
  return `${operation}${after > 0 ? " from the second on" : ""}: ${trouble.name}`;
}

/** Runs a command under the cell's trouble. */
export function strike(
  proving: Proving,
  { operation, after, trouble }: Cell,
  where: Lane,
  args: readonly string[],
): Promise<Struck> {
  const [service, name] = operation.split(":");
  return proving.under(
    { ...trouble.rule, service, operation: name, after } as FaultRule,
    where,
    args,
  );
}

/** Cells "from the second on", and those among them that the command did not come to. */
const later = { all: 0, unreached: 0 };
export const laterCells = (): { readonly all: number; readonly unreached: number } => later;

/** How the end of a command differs from what is promised. */
export function problemsOf({ trouble, after }: Cell, { code, stderr, hits }: Struck): string[] {
  if (after > 0) later.all += 1;
  if (after > 0 && hits === 0) {
    // How often something is looked at is up to the machine; that it is looked at once is not.
    later.unreached += 1;
    return [];
  }
  const problems = [
    hits === 0 && "the fault did not strike",
    /LMI_BUG|^\s+at .+:\d+:\d+/m.test(stderr) && "a bug, or a stack",
    !trouble.codes.includes(code) && `exit code ${code}, not ${trouble.codes.join(" or ")}`,
    ...wordsMissing(trouble, code, stderr),
  ].filter((problem) => typeof problem === "string");
  return problems.length === 0 ? [] : [...problems, stderr];
}

function wordsMissing({ error = "", says, tells }: Trouble, code: number, stderr: string) {
  if (code === 0) return [tells && !tells.test(stderr) && `does not tell ${tells}`];
  return [
    !stderr.includes(error) && `no ${error}`,
    says && !says.test(stderr) && `does not say ${says}`,
  ];
}
