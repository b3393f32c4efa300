export interface Key {
  readonly id: string;
  readonly created: string;
  readonly description: string;
  readonly usage: string;
  readonly spec: string;
  readonly policy: string;
  readonly state: "Enabled" | "Disabled" | "PendingDeletion";
  readonly deletion?: string | undefined;
  readonly rotation: boolean;
  readonly tags: readonly { readonly TagKey?: string; readonly TagValue?: string }[];
}

export interface Alias {
  readonly keyId: string;
}

/** Whom a request is about: a key by its id or ARN, or by an alias. */
export interface KeyInput {
  readonly KeyId?: string;
}
