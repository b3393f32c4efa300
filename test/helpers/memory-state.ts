import type { Collection, State } from "../../src/local/state.ts";

const key = (region: string, id: string) => `${region}\0${id}`;

/** A State in memory with the promises of the real one: documents are copied on the way in and out. */
export function createMemoryState(): State {
  const collections = new Map<
    string,
    Map<string, { region: string; id: string; document: object }>
  >();

  function open<Document extends object>(name: string): Collection<Document> {
    const entries =
      collections.get(name) ?? new Map<string, { region: string; id: string; document: object }>();
    collections.set(name, entries);
    // What was put under this name has the type that the caller names: one name, one document type.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const copy = (document: object) => structuredClone(document) as Document;
    const sorted = () =>
      [...entries.values()].toSorted((one, other) =>
        one.id < other.id ? -1 : one.id > other.id ? 1 : 0,
      );
    return {
      get: (region, id) => {
        const entry = entries.get(key(region, id));
        return entry && copy(entry.document);
      },
      put: (region, id, document) => {
        entries.set(key(region, id), { region, id, document: structuredClone(document) });
      },
      delete: (region, id) => entries.delete(key(region, id)),
      list: (region) =>
        sorted()
          .filter((entry) => entry.region === region)
          .map((entry) => copy(entry.document)),
      entries: () =>
        sorted().map(({ region, id, document }) => ({ region, id, document: copy(document) })),
    };
  }

  return {
    collection: open,
    transaction: (work) => {
      const before = [...collections].map(([name, entries]) => [name, new Map(entries)] as const);
      try {
        return work();
      } catch (error) {
        for (const [name, entries] of before) {
          const now = collections.get(name);
          now?.clear();
          for (const [id, entry] of entries) now?.set(id, entry);
        }
        throw error;
      }
    },
    close: () => collections.clear(),
  };
}
