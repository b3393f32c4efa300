import type {
  CallService,
  FunctionUrlRequest,
  Service,
  ServiceName,
  TargetContext,
} from "./service.ts";
import { notImplemented } from "./wire/dispatch.ts";
import type { WireResponse } from "./wire/message.ts";

export type CreateService = (target: TargetContext) => Service;

/** Loads a service's code; called once, on the first request or at start where there is work to take up. */
export type ServiceLoaders = Readonly<Partial<Record<ServiceName, () => Promise<CreateService>>>>;

export interface ServiceRegistry {
  readonly call: CallService;
  /** Hands a request to the service that answers on this URL. */
  readonly serveUrl: (request: FunctionUrlRequest) => Promise<WireResponse>;
  /** Lets services take up interrupted work, where their collections hold documents. */
  resume(collectionNames: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The services of one target, each made when it is first needed. */
export function createServiceRegistry(
  loaders: ServiceLoaders,
  target: () => TargetContext,
): ServiceRegistry {
  const services = new Map<ServiceName, Promise<Service>>();
  const ready = new Map<ServiceName, Service>();

  const load = (name: ServiceName): Promise<Service> | undefined => {
    const loader = loaders[name];
    if (loader === undefined) return undefined;
    let service = services.get(name);
    if (service === undefined) {
      service = loader().then((create) => {
        const made = create(target());
        ready.set(name, made);
        return made;
      });
      services.set(name, service);
    }
    return service;
  };

  return {
    async call<Output extends object>(
      ...[name, operation, input, context]: Parameters<CallService>
    ): Promise<Output> {
      const service = ready.get(name) ?? (await load(name));
      const handler = service?.operations[operation];
      if (handler === undefined) throw notImplemented(name, operation);
      return (await handler(input as never, context)) as Output;
    },

    async serveUrl(request) {
      const service = await load(request.url.service);
      if (!service?.serveUrl) throw new Error(`${request.url.service} answers on no URLs.`);
      return service.serveUrl(request);
    },

    async resume(collectionNames) {
      for (const name of resumable) {
        // The others' code stays unloaded until somebody asks for them.
        if (!collectionNames.some((collection) => collection.startsWith(`${name}.`))) continue;
        // One after the other
        await (await load(name))?.resume?.();
      }
    },

    async close() {
      const failures: unknown[] = [];
      const closed = new Set<ServiceName>();
      for (;;) {
        // What is written at the end may load the service that it is written to.
        const [next] = [...services.keys()]
          .filter((name) => !closed.has(name))
          .toSorted((left, right) => closingOrder(left) - closingOrder(right));
        if (next === undefined) break;
        closed.add(next);
        try {
          // One after the other, callers before those they call
          await (await services.get(next))?.close?.();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, "Services did not close cleanly");
    },
  };
}

/** Services with work that a restart interrupts; functions come first, since stacks wait for them. */
const resumable: readonly ServiceName[] = ["lambda", "cloudformation", "scheduler"];

/** Stacks change functions, schedules call them, and functions write logs until their end. */
const closeFirst: readonly ServiceName[] = [
  "cloudformation",
  "scheduler",
  "sns",
  "events",
  "lambda",
];

function closingOrder(name: ServiceName): number {
  if (name === "logs") return 100;
  const index = closeFirst.indexOf(name);
  return index === -1 ? 50 : index;
}
