import { randomUUID } from "node:crypto";

import type { LocalTarget } from "../../../local/local-target.ts";
import type { ServiceName } from "../../../local/service.ts";

/** An operation of the target in this process, by its name at AWS, without a request on the wire. */
export type OwnCall = <Output extends object>(
  service: ServiceName,
  operation: string,
  input: object,
) => Promise<Output>;

export function ownCalls({ context }: Pick<LocalTarget, "context">, region: string): OwnCall {
  const { signal } = new AbortController();
  return (service, operation, input) =>
    context.call(service, operation, input, {
      region,
      accountId: context.accountId,
      requestId: randomUUID(),
      accessKeyId: "lmi-local",
      signal,
    });
}

interface Refusal {
  /** AWS's name for it. */
  readonly code: string;
  readonly message: string;
}

/** What a service of the target has answered instead; undefined where the error is none of a service's. */
export function refusalOf(error: unknown): Refusal | undefined {
  // Not by its class: the command's bundle has one, and the target beside it another.
  const isRefusal = error instanceof Error && "members" in error && "code" in error;
  return isRefusal ? { code: String(error.code), message: error.message } : undefined;
}
