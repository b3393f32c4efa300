import type { Collection, State } from "../../src/local/state.ts";

export interface MemoryState extends State {
  /** Names of the collections that were opened. */
  collectionNames(): string[];
}

interface Entry {
  readonly region: string;
  readonly id: string;
  readonly text: string;
}

const key = (region: string, id: string) => `${region}\0${id}`;

/** A State in memory with the promises of the real one: what is kept is JSON, copied on the way in and out. */
export function createMemoryState(): MemoryState {
  const collections = new Map<string, Map<string, Entry>>();
  /** How to undo what the open transaction has done; undefined outside of one. */
  let undo: (() => void)[] | undefined;

  function open<Document extends object>(name: string): Collection<Document> {
    const entries = collections.get(name) ?? new Map<string, Entry>();
    collections.set(name, entries);
    const parse = ({ text }: Entry) => JSON.parse(text) as Document;
    const sorted = () =>
      [...entries.values()].toSorted((one, other) =>
        one.id < other.id ? -1 : one.id > other.id ? 1 : 0,
      );
    const rememberUndo = (place: string) => {
      const before = entries.get(place);
      undo?.push(() => (before ? entries.set(place, before) : entries.delete(place)));
    };
    return {
      get: (region, id) => {
        const entry = entries.get(key(region, id));
        return entry && parse(entry);
      },
      put: (region, id, document) => {
        rememberUndo(key(region, id));
        entries.set(key(region, id), { region, id, text: JSON.stringify(document) });
      },
      delete: (region, id) => {
        rememberUndo(key(region, id));
        return entries.delete(key(region, id));
      },
      list: (region) =>
        sorted()
          .filter((entry) => entry.region === region)
          .map(parse),
      entries: () =>
        sorted().map((entry) => ({ region: entry.region, id: entry.id, document: parse(entry) })),
    };
  }

  return {
    collection: open,
    collectionNames: () => [...collections.keys()],
    transaction: (work) => {
      if (undo !== undefined) return work();
      const steps: (() => void)[] = (undo = []);
      try {
        return work();
      } catch (error) {
        for (const step of steps.toReversed()) step();
        throw error;
      } finally {
        undo = undefined;
      }
    },
    close: () => collections.clear(),
  };
}
