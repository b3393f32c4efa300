import { noFaults } from "../../../src/local/faults/fault.ts";
import { systemClock } from "../../../src/local/clock.ts";
import type { Clock } from "../../../src/local/clock.ts";
import type {
  CallContext,
  Service,
  ServiceName,
  TargetContext,
} from "../../../src/local/service.ts";
import { ServiceError } from "../../../src/local/service-error.ts";
import { createMemoryState } from "../../helpers/memory-state.ts";

/** What an operation answers, as tests look at it: with matchers, and with the ids in it for the next call. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = any;

export interface InProcessTarget {
  readonly target: TargetContext;
  readonly caller: CallContext;
  /** Calls an operation of one of the services. */
  call(service: ServiceName, operation: string, input?: object): Promise<Answer>;
}

function unused(): Promise<never> {
  return Promise.reject(new Error("no blobs in this test"));
}

/** Services in this process without a server, on a state in memory. */
export function inProcessTarget(
  services: readonly ((target: TargetContext) => Service)[],
  options: { readonly clock?: Clock; readonly timing?: TargetContext["timing"] } = {},
): InProcessTarget {
  const known = new Map<string, Service>();
  const target: TargetContext = {
    accountId: "000000000000",
    clock: options.clock ?? systemClock,
    state: createMemoryState(),
    blobs: { put: unused, get: unused, path: () => "" },
    random: Math.random,
    faults: noFaults,
    timing: options.timing ?? "fast",
    call: async (service, operation, input, context) => {
      const handler = known.get(service)?.operations[operation];
      if (!handler) throw new ServiceError("NotImplemented", `${service}:${operation}`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the dispatcher of the server does
      return (await handler(input as never, context)) as never;
    },
    endpoint: () => "http://127.0.0.1:1",
    log: () => {},
  };
  for (const create of services) {
    const service = create(target);
    known.set(service.name, service);
  }
  const caller: CallContext = {
    region: "eu-west-1",
    accountId: target.accountId,
    requestId: "request",
    accessKeyId: "lmi-local",
    signal: new AbortController().signal,
  };
  return {
    target,
    caller,
    call: (service, operation, input = {}) => target.call(service, operation, input, caller),
  };
}
