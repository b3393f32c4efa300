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
  /** False: it was stored, and nobody knows of it that Lambda took it. Nothing to go back to. */
  readonly isPublished: boolean;
}

/** What brought it; a rollback keeps what it went back to once more. */
export type KeptBy = "push" | "deploy" | "rollback";

/** The code of which function: that of another stack of the same name is another's. */
export interface KeptPlace {
  readonly stackId: string;
  readonly functionName: string;
}

interface Brought {
  readonly codeSha256: string;
  readonly at: Date;
  readonly by: KeptBy;
}

export interface NewlyStored extends Brought {
  readonly zip: Uint8Array;
}

export interface NewlyKept extends Brought {
  /** Where it is in the bucket. */
  readonly source: { readonly key: string };
}

export interface KeptCodes {
  /** The bucket, for Lambda to read from. */
  bucket(place: Pick<KeptPlace, "stackId">): string;
  /** Oldest first. */
  list(place: KeptPlace): Promise<readonly KeptCode[]>;
  /** Stores code that is yet to be published: as long as it is only stored, it is not history. @returns its key */
  store(place: KeptPlace, code: NewlyStored): Promise<string>;
  /** Keeps code that was published, from another object of the bucket. @returns its key */
  keep(place: KeptPlace, code: NewlyKept): Promise<string>;
  /** Stores a template that is too long for a request, beside the stack's code. @returns its URL for CloudFormation */
  storeTemplate(place: Pick<KeptPlace, "stackId">, template: string): Promise<string>;
  /** Fails where S3 keeps any of them all the same. */
  remove(place: Pick<KeptPlace, "stackId">, keys: readonly string[]): Promise<void>;
  /** Removes all that is kept of a stack. */
  forget(place: Pick<KeptPlace, "stackId">): Promise<void>;
}
