import { localAuthorization } from "../../aws/local-control.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import type { FaultRecord, FaultRule } from "../../local/faults/fault.ts";

/** Tells a running target what is to go wrong. */
export interface FaultClient {
  add(rule: FaultRule): Promise<FaultRecord>;
  list(): Promise<readonly FaultRecord[]>;
  /** @returns how many were removed */
  remove(id: string): Promise<number>;
  clear(): Promise<number>;
}

export function faultClient(endpoint: string): FaultClient {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(new URL(path, endpoint), {
      method,
      headers: { authorization: localAuthorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw silent(endpoint, error);
    });
    const content: unknown = await answer.json();
    if (!answer.ok) throw refused(content as Refusal);
    return content;
  };
  const removed = async (path: string) =>
    ((await ask("DELETE", path)) as { readonly removed: number }).removed;
  return {
    add: async (rule) => (await ask("POST", "/faults", rule)) as FaultRecord,
    list: async () =>
      ((await ask("GET", "/faults")) as { readonly faults: readonly FaultRecord[] }).faults,
    remove: (id) => removed(`/faults/${encodeURIComponent(id)}`),
    clear: () => removed("/faults"),
  };
}

interface Refusal {
  readonly code?: string;
  readonly message?: string;
  readonly why?: string;
}

function refused({ message, why }: Refusal): LmiError {
  return new LmiError("LMI_FAULT_INVALID", message ?? "The local target refused.", {
    ...(why === undefined ? {} : { why }),
    next: "See: lmi local fault add --help",
    exitCode: ExitCode.usage,
  });
}

function silent(endpoint: string, cause: unknown): LmiError {
  return new LmiError("LMI_ENDPOINT_UNREACHABLE", "The local target does not answer.", {
    why: `It was to be at ${endpoint}.`,
    next: "lmi local status, then: lmi local up",
    cause,
  });
}
