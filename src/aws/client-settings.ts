import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";

import { ExitCode, LmiError } from "../errors.ts";
import { rememberFailedCall } from "./failed-call.ts";
import type { AwsTarget } from "./target.ts";

/** What connections need to know of the environment; the caller hands it in, nothing here reads the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ClientSettings {
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
  /** An IP address has no subdomains, so prefixes such as `stream-` must stay off with an endpoint of our own. */
  readonly disableHostPrefix?: boolean;
  readonly credentials?: NonNullable<AwsTarget["credentials"]>;
  readonly requestHandler?: RequestHandlerSettings;
  readonly logger: typeof logger;
}

/** Only to know which call an error ended. Warnings go where the SDK writes them without a logger. */
const logger = {
  debug: () => {},
  info: () => {},
  // oxlint-disable-next-line no-console -- What the SDK itself does with a warning where no logger is given.
  warn: (...content: unknown[]) => console.warn(...content),
  error: rememberFailedCall,
};

interface RequestHandlerSettings {
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent?: HttpsAgent;
  /** Milliseconds; beyond them the SDK gives up, where it would only write a warning otherwise. */
  readonly requestTimeout?: number;
  readonly throwOnRequestTimeout?: boolean;
}

/** Requests of one client that are under way at once; the SDK's own bound is 50, and it says nothing where it queues. */
export const maxSockets = 1000;

/**
 * The settings that every SDK client of a target shares. What is absent here the SDK finds itself:
 * credentials chain, AWS_ENDPOINT_URL and its per-service forms, AWS_MAX_ATTEMPTS.
 */
export async function clientSettings(
  target: AwsTarget,
  environment: Environment,
): Promise<ClientSettings> {
  // No proxy stands between this machine and itself.
  const agents = target.local ? undefined : await connectionAgents(environment);
  const limits =
    target.requestTimeout === undefined
      ? undefined
      : { requestTimeout: target.requestTimeout, throwOnRequestTimeout: true };
  const requestHandler = agents || limits ? { ...agents, ...limits } : undefined;
  return {
    region: target.region,
    logger,
    ...(target.profile === undefined ? {} : { profile: target.profile }),
    ...(target.endpoint === undefined
      ? {}
      : { endpoint: target.endpoint, disableHostPrefix: true }),
    ...(target.credentials === undefined ? {} : { credentials: target.credentials }),
    ...(requestHandler === undefined ? {} : { requestHandler }),
  };
}

const proxyVariables = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] as const;

/** The SDK for JavaScript knows neither proxies nor AWS_CA_BUNDLE; Node's own agents do. */
async function connectionAgents(
  environment: Environment,
): Promise<RequestHandlerSettings | undefined> {
  const bundle = environment["AWS_CA_BUNDLE"];
  const proxied = proxyVariables.some((name) => environment[name]);
  if (!bundle && !proxied) return undefined;
  const [ca, http, https] = await Promise.all([
    bundle ? readBundle(bundle) : undefined,
    import("node:http"),
    import("node:https"),
  ]);
  const shared = {
    keepAlive: true,
    maxSockets,
    ...(proxied ? { proxyEnv: proxyEnvironment(environment) } : {}),
  };
  return {
    httpAgent: new http.Agent(shared),
    // As in the AWS CLI, the bundle replaces the built-in authorities.
    httpsAgent: new https.Agent(ca ? { ...shared, ca } : shared),
  };
}

async function readBundle(file: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const wrong = (why: string, cause?: unknown) =>
    new LmiError("LMI_USAGE", `AWS_CA_BUNDLE names ${file}, which cannot be used.`, {
      why,
      next: "Name a file of certificates in PEM form, or unset AWS_CA_BUNDLE",
      exitCode: ExitCode.usage,
      cause,
    });
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw wrong(error instanceof Error ? error.message : String(error), error);
  });
  // Node takes any text, and would only fail at the first connection, without a name.
  if (!/^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/m.test(text)) {
    throw wrong("There is no certificate in it.");
  }
  return text;
}

function proxyEnvironment(environment: Environment): Record<string, string | undefined> {
  const names = [...proxyVariables, "NO_PROXY", "no_proxy"];
  return Object.fromEntries(names.map((name) => [name, environment[name]]));
}
