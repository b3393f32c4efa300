/** Where a command's AWS calls go. The local target differs only in endpoint and credentials. */
export interface AwsTarget {
  readonly region: string;
  readonly profile: string | undefined;
  /** Set for the local target and for AWS_ENDPOINT_URL; per-service forms are read by the SDK itself. */
  readonly endpoint: string | undefined;
  readonly credentials:
    | {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken?: string;
      }
    | undefined;
  readonly local: boolean;
  /** Milliseconds until an answer has to be there, retries not counted; nothing: however long it takes. */
  readonly requestTimeout?: number | undefined;
}
