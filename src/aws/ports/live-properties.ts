/** Properties as the service tells them now, under CloudFormation's names. */
export type LiveProperties = Readonly<Record<string, unknown>>;
