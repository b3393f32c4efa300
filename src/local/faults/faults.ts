import { isDeepStrictEqual } from "node:util";
import type { State } from "../state.ts";
import {
  counted,
  type FaultRecord,
  type FaultRule,
  type FaultSource,
  fits,
  isSpent,
  type StruckRule,
} from "./fault.ts";

/** The faults of one target: what it is told to do wrong. They survive restarts, with their counts. */
export interface Faults extends FaultSource {
  /** Fails with LMI_FAULT_INVALID, which names everything that is wrong with the rule. */
  add(rule: FaultRule): Promise<FaultRecord>;
  list(): readonly FaultRecord[];
  /** @returns whether there was one */
  remove(id: string): boolean;
  /** @returns how many there were */
  clear(): number;
  /** Makes the rules of the file exactly these; one that was in it before keeps its counts. */
  takeFile(rules: readonly unknown[]): Promise<void>;
}

interface FaultParts {
  readonly state: State;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

/** Rules hold for every region unless they name one; so they are kept under none. */
const noRegion = "";

export function createFaults({ state, random }: FaultParts): Faults {
  const stored = state.collection<FaultRecord>("faults.rules");
  // Asked at every request: read once.
  let records = stored.list(noRegion).toSorted((one, other) => numberOf(one) - numberOf(other));
  const put = (record: FaultRecord) => {
    stored.put(noRegion, record.id, record);
    const known = records.some(({ id }) => id === record.id);
    records = known
      ? records.map((each) => (each.id === record.id ? record : each))
      : [...records, record];
    return record;
  };
  const remove = (id: string) => {
    records = records.filter((record) => record.id !== id);
    return stored.delete(noRegion, id);
  };
  const append = (rule: FaultRule, source: FaultRecord["source"]) => {
    const number = Math.max(0, ...records.map(numberOf)) + 1;
    return put({ id: `f${number}`, rule, seen: 0, hits: 0, source });
  };
  return {
    strike: (occasion) => {
      const struck: StruckRule[] = [];
      let isOver = false;
      for (const record of records) {
        if (isSpent(record) || !fits(record.rule, occasion)) continue;
        // A request fails once; what comes after has only seen it.
        const now = put(isOver ? { ...record, seen: record.seen + 1 } : counted(record, random));
        if (now.hits === record.hits) continue;
        struck.push({ ...record.rule, id: record.id });
        isOver = record.rule.fault !== "slow";
      }
      return struck;
    },
    add: async (rule) => append(await checked(rule), "added"),
    list: () => records,
    remove,
    clear: () => {
      const { length } = records;
      state.transaction(() => {
        for (const { id } of records) remove(id);
      });
      return length;
    },
    takeFile: async (rules) => {
      const wanted = await Promise.all(rules.map((rule, index) => checked(rule, `[${index}]`)));
      const before = records.filter(({ source }) => source === "file");
      const kept = before.filter(({ rule }) => isAmong(rule, wanted));
      state.transaction(() => {
        for (const record of before) if (!kept.includes(record)) remove(record.id);
        const known = kept.map(({ rule }) => rule);
        for (const rule of wanted) if (!isAmong(rule, known)) append(rule, "file");
      });
    },
  };
}

function isAmong(rule: FaultRule, rules: readonly FaultRule[]): boolean {
  return rules.some((each) => isDeepStrictEqual(each, rule));
}

function numberOf({ id }: FaultRecord): number {
  return Number(id.slice(1));
}

/** The schema loads only where there is a rule to check. */
async function checked(rule: unknown, path?: string): Promise<FaultRule> {
  const { checkRule } = await import("./rule-schema.ts");
  return checkRule(rule, path);
}
