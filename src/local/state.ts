/**
 * What the local target remembers. Whatever a method has returned from survives a restart and `kill -9`.
 * Documents are plain JSON; dates are ISO strings, bytes live in the BlobStore.
 */
export interface State {
  /** A named set of documents, one per region and id, e.g. `lambda.functions`. */
  collection<Document extends object>(name: string): Collection<Document>;
  /** All writes inside happen together or not at all. `work` is synchronous. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface Collection<Document extends object> {
  get(region: string, id: string): Document | undefined;
  put(region: string, id: string, document: Document): void;
  delete(region: string, id: string): boolean;
  /** All documents of a region, in the order of their ids. */
  list(region: string): Document[];
  /** All documents of all regions, for taking up work after a restart. */
  entries(): { readonly region: string; readonly id: string; readonly document: Document }[];
}

/** Bytes by their SHA-256 (lower-case hex). */
export interface BlobStore {
  put(bytes: Uint8Array): Promise<string>;
  get(sha256: string): Promise<Buffer>;
  /** Path of the stored file, for extraction and streaming; never handed to users. */
  path(sha256: string): string;
}
