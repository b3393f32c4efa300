import type { Collection, State } from "../../state.ts";
import type {
  AliasDocument,
  AttachmentDocument,
  CapacityProviderDocument,
  FunctionDocument,
  VersionDocument,
} from "./documents.ts";
import type { MappingDocument } from "./mapping-document.ts";

export interface LambdaStore {
  readonly functions: Collection<FunctionDocument>;
  readonly versions: Collection<VersionDocument>;
  readonly aliases: Collection<AliasDocument>;
  readonly providers: Collection<CapacityProviderDocument>;
  readonly policies: Collection<AttachmentDocument>;
  readonly urls: Collection<AttachmentDocument>;
  /** Event source mappings, by their UUID. */
  readonly mappings: Collection<MappingDocument>;
  readonly eventInvokeConfigs: Collection<AttachmentDocument>;
  /** Versions of layers, by their ARN. */
  readonly layers: Collection<Record<string, unknown>>;
  /** By the ARN of the layer; outlives its versions, since AWS goes on counting after a deletion. */
  readonly layerCounts: Collection<{ readonly lastVersion: number }>;
  /** Grows with every change, so that what was derived from the state can be thrown away. */
  readonly changes: () => number;
  readonly transaction: State["transaction"];
}

export function openLambdaStore(state: State): LambdaStore {
  let changes = 0;
  const open = <Document extends object>(name: string): Collection<Document> => {
    const collection = state.collection<Document>(`lambda.${name}`);
    return {
      get: (region, id) => collection.get(region, id),
      list: (region) => collection.list(region),
      entries: () => collection.entries(),
      put: (region, id, document) => {
        changes += 1;
        collection.put(region, id, document);
      },
      delete: (region, id) => {
        changes += 1;
        return collection.delete(region, id);
      },
    };
  };
  return {
    functions: open("functions"),
    versions: open("versions"),
    aliases: open("aliases"),
    providers: open("capacity-providers"),
    policies: open("policies"),
    urls: open("function-urls"),
    mappings: open("event-source-mappings"),
    eventInvokeConfigs: open("event-invoke-configs"),
    layers: open("layers"),
    layerCounts: open("layer-counts"),
    changes: () => changes,
    transaction: (work) => state.transaction(work),
  };
}

/** A version's place in the state. */
export interface VersionKey {
  readonly region: string;
  readonly functionName: string;
  readonly qualifier: string;
}

/** Id of what belongs to a function under a qualifier. A name has no colon, so that ids cannot collide. */
export const qualifiedId = (functionName: string, qualifier: string) =>
  `${functionName}:${qualifier}`;

/** All versions of a function: `$LATEST`, `$LATEST.PUBLISHED`, then the numbers in their order. */
export function versionsOf(
  store: LambdaStore,
  region: string,
  functionName: string,
): VersionDocument[] {
  return store.versions
    .list(region)
    .filter((version) => version.functionName === functionName)
    .toSorted((one, other) => order(one.qualifier) - order(other.qualifier));
}

const order = (qualifier: string) =>
  qualifier.startsWith("$") ? qualifier.length - 100 : Number(qualifier);

/** Removes what belongs to a function whose versions are gone. */
export function forgetFunction(store: LambdaStore, region: string, functionName: string): void {
  store.functions.delete(region, functionName);
  const { aliases, policies, urls, eventInvokeConfigs } = store;
  for (const collection of [aliases, policies, urls, eventInvokeConfigs]) {
    for (const { id, document, region: place } of collection.entries()) {
      if (place === region && document.functionName === functionName) collection.delete(region, id);
    }
  }
}
