/** The call that an error of the SDK ended, e.g. S3 PutObject. */
export interface FailedCall {
  readonly service: string;
  readonly operation: string;
}

/** The SDK puts neither service nor operation into its errors; its logger is told them. */
const calls = new WeakMap<object, FailedCall>();

/**
 * Keeps what the SDK's logger is told of a failed call (middleware-logger, loggerMiddleware). Anything else passes.
 */
export function rememberFailedCall(content: unknown): void {
  if (typeof content !== "object" || content === null) return;
  const { clientName, commandName, error } = content as Readonly<Record<string, unknown>>;
  if (typeof clientName !== "string" || typeof commandName !== "string") return;
  if (typeof error !== "object" || error === null) return;
  calls.set(error, {
    service: clientName.replace(/Client$/, ""),
    operation: commandName.replace(/Command$/, ""),
  });
}

/** The call that ended so; undefined where nobody told. */
export function failedCall(error: unknown): FailedCall | undefined {
  return typeof error === "object" && error !== null ? calls.get(error) : undefined;
}

/** `S3 PutObject answered InternalError (500) after 3 attempts`, as far as it is known. */
export function answeredWith(error: Error): string {
  const { service = "AWS", operation } = failedCall(error) ?? {};
  const who = operation === undefined ? service : `${service} ${operation}`;
  const status = httpStatusOf(error);
  const attempts = attemptsOf(error);
  const code = status === undefined ? error.name : `${error.name} (${status})`;
  return `${who} answered ${code}${attempts > 1 ? ` after ${attempts} attempts` : ""}`;
}

export function httpStatusOf(error: unknown): number | undefined {
  return metadataOf(error).httpStatusCode;
}

/** How often it was sent, from 1. */
export function attemptsOf(error: unknown): number {
  return metadataOf(error).attempts ?? 1;
}

interface Metadata {
  readonly httpStatusCode?: number;
  readonly attempts?: number;
  readonly requestId?: string;
}

/** What the SDK says of the exchange. */
export function metadataOf(error: unknown): Metadata {
  if (typeof error !== "object" || error === null) return {};
  const { $metadata = {} } = error as { readonly $metadata?: Metadata };
  return $metadata;
}
