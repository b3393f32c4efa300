import { clientSettings } from "./client-settings.ts";
import type { ClientSettings, Environment } from "./client-settings.ts";
import type { AwsTarget } from "./target.ts";

/** One target's connections: settings resolved once, clients shared between ports. */
export interface Connection {
  readonly target: AwsTarget;
  readonly settings: () => Promise<ClientSettings>;
}

export function createConnection(target: AwsTarget, environment: Environment): Connection {
  return { target, settings: once(() => clientSettings(target, environment)) };
}

/** Runs `make` at the first call, and hands out the same promise from then on. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
