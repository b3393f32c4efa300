import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { onTestFinished } from "vitest";
import {
  startLocalTarget,
  type LocalTarget,
  type LocalTargetOptions,
} from "../../src/local/local-target.ts";
import { systemClock } from "../../src/local/clock.ts";
import { openRequestLog } from "../../src/local/request-log.ts";

export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly disableHostPrefix: true;
  readonly forcePathStyle: true;
  readonly maxAttempts: number;
}

export interface TestTarget extends LocalTarget {
  readonly stateDir: string;
  /** An SDK client of this target, destroyed with it; `settings` go over the usual ones. */
  client<Client extends { destroy(): void }>(
    Class: new (settings: ClientSettings) => Client,
    settings?: Partial<ClientSettings>,
  ): Client;
}

export type TestTargetOptions = Partial<LocalTargetOptions>;

/**
 * A target in this process on a temporary state folder. In a test it ends with the test; elsewhere (`beforeAll`)
 * pass `manual: true` and call `close`, which removes the folder unless it was handed in.
 */
export async function startTestTarget({
  manual = false,
  ...options
}: TestTargetOptions & { readonly manual?: boolean } = {}): Promise<TestTarget> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "lmi-target-")));
  const removeOwn = async () => {
    if (options.stateDir === undefined) await rm(stateDir, { recursive: true, force: true });
  };
  const answered = recordExercised(Object.keys(options.services ?? {}));
  const target = await startLocalTarget({ answered, ...options, stateDir }).catch(
    async (error: unknown) => {
      await removeOwn();
      throw error;
    },
  );
  const clients: { destroy(): void }[] = [];
  let closed: Promise<void> | undefined;
  const close = async () => {
    for (const client of clients) client.destroy();
    await target.close();
    await removeOwn();
  };
  const testTarget: TestTarget = {
    ...target,
    stateDir,
    client: (Class, settings) => {
      const client = new Class({
        endpoint: target.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" },
        disableHostPrefix: true,
        forcePathStyle: true,
        maxAttempts: 1,
        ...settings,
      });
      clients.push(client);
      return client;
    },
    close: () => (closed ??= close()),
  };
  if (!manual) onTestFinished(() => testTarget.close());
  return testTarget;
}

/**
 * Where `npm test` or `npm run test:conformance` asks for it (LMI_LOCAL_REQUEST_LOG), what clients called goes to its
 * file, once each: evidence for exercised.json. Services that a test puts in place of the real ones are none.
 */
function recordExercised(replaced: readonly string[]): LocalTargetOptions["answered"] {
  const file = process.env["LMI_LOCAL_REQUEST_LOG"];
  if (file === undefined) return undefined;
  const record = openRequestLog(file, systemClock);
  const recorded = new Set<string>();
  return (request) => {
    const { service = "", operation, status, client } = request;
    const key = JSON.stringify([service, operation, status, client]);
    if (replaced.includes(service) || recorded.has(key)) return;
    recorded.add(key);
    record(request);
  };
}
