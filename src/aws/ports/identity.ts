export interface Identity {
  /**
   * Account, and the caller's ARN. Answers or fails within seconds: with LMI_CREDENTIALS_*, or with
   * LMI_ENDPOINT_UNREACHABLE where there are credentials and AWS does not answer. Only a profile's login may take longer.
   */
  caller(): Promise<{ readonly accountId: string; readonly arn: string }>;
}

/** Keys to sign with; temporary ones say when they expire. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
