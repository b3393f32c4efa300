/** Code that a function ran, kept in the bucket of the bootstrap stack. */
export interface KeptCode {
  readonly key: string;
  /** Base64 of the SHA-256 of the .zip, as Lambda tells it. */
  readonly codeSha256: string;
  /** When it was brought. */
  readonly at: Date;
  readonly by: KeptBy;
  /** Bytes. */
  readonly size: number;
}

/** What brought it; a rollback keeps what it went back to once more. */
export type KeptBy = "push" | "deploy" | "rollback";

/** The code of which function: that of another stack of the same name is another's. */
export interface KeptPlace {
  readonly stackId: string;
  readonly functionName: string;
}

export interface NewlyKept {
  readonly codeSha256: string;
  readonly at: Date;
  readonly by: KeptBy;
  readonly source: Uint8Array | { readonly key: string };
}

export interface KeptCodes {
  /** The bucket, for Lambda to read from. */
  bucket(place: Pick<KeptPlace, "stackId">): string;
  /** Oldest first. */
  list(place: KeptPlace): Promise<readonly KeptCode[]>;
  /** Keeps code, from its bytes or from another object of the bucket. @returns its key */
  keep(place: KeptPlace, code: NewlyKept): Promise<string>;
  remove(place: Pick<KeptPlace, "stackId">, keys: readonly string[]): Promise<void>;
  /** Removes all that is kept of a stack. */
  forget(place: Pick<KeptPlace, "stackId">): Promise<void>;
}
