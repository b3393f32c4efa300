import type { Environment } from "./client-settings.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type { InvocationRoute, InvocationRoutes, ProxyVariables } from "./ports.ts";

export function createInvocationRoutes(
  connection: Connection,
  lambda: LambdaConnection,
  environment: Environment,
): InvocationRoutes {
  return {
    find: (functionName, qualifier) =>
      explained(connection.target, async () => {
        const { agent, ...request } = await requestOf(functionName, qualifier, lambda);
        return {
          ...request,
          region: connection.target.region,
          ca: certificatesOf(agent),
          proxies: connection.target.local ? undefined : proxiesOf(environment),
        };
      }),
  };
}

/**
 * The request that the SDK would send: its endpoint, path and query are the SDK's own business (AWS_ENDPOINT_URL and its
 * kind, partitions, dual stack), so it is made by the SDK and taken out of its hands before it is signed.
 */
async function requestOf(
  functionName: string,
  qualifier: string | undefined,
  lambda: LambdaConnection,
): Promise<Omit<InvocationRoute, "region" | "ca" | "proxies"> & { readonly agent: unknown }> {
  const { sdk, client } = await lambda();
  const Payload = new TextEncoder().encode("{}");
  const command = new sdk.InvokeCommand({
    FunctionName: functionName,
    Payload,
    ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
  });
  let made: unknown;
  command.middlewareStack.add(
    () => async (call) => {
      made = call.request;
      return { output: { $metadata: {} }, response: {} };
    },
    { step: "build", priority: "low", name: "takeRequest" },
  );
  await client.send(command);
  const { protocol, hostname, port, path, query, headers } = made as MadeRequest;
  return {
    origin: `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`,
    path,
    query,
    contentType: headers["content-type"] ?? "application/octet-stream",
    agent: client.config.requestHandler,
  };
}

interface MadeRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** client-settings.ts has read AWS_CA_BUNDLE into the agent of the SDK's client. */
function certificatesOf(handler: unknown): string | undefined {
  const { httpHandlerConfigs } = handler as {
    httpHandlerConfigs?: () => { httpsAgent?: { options?: { ca?: unknown } } };
  };
  const ca = httpHandlerConfigs?.call(handler).httpsAgent?.options?.ca;
  return typeof ca === "string" ? ca : undefined;
}

function proxiesOf(environment: Environment): ProxyVariables | undefined {
  const of = (name: string) => environment[name] ?? environment[name.toUpperCase()];
  const [http, https] = [of("http_proxy"), of("https_proxy")];
  return http || https ? { http, https, none: of("no_proxy") } : undefined;
}
