import type { Environment } from "./client-settings.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type { InvocationRoute, InvocationRoutes } from "./ports.ts";

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
          proxy: connection.target.local ? undefined : proxyOf(request.origin, environment),
        };
      }),
    findUrl: (functionName, path, qualifier) =>
      explained(connection.target, async () => {
        const found = await urlOf(functionName, qualifier, lambda);
        if (found === undefined) return undefined;
        const { origin, pathname, searchParams } = new URL(path, found.url);
        return {
          origin,
          path: pathname,
          query: queryOf(searchParams),
          contentType: "application/json",
          region: connection.target.region,
          ca: found.ca,
          proxy: connection.target.local ? undefined : proxyOf(origin, environment),
          url: { auth: found.isSigned ? "iam" : "none" },
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
): Promise<Omit<InvocationRoute, "region" | "ca" | "proxy"> & { readonly agent: unknown }> {
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

function queryOf(searchParams: URLSearchParams): InvocationRoute["query"] {
  const names = new Set(searchParams.keys());
  return Object.fromEntries([...names].map((name) => [name, searchParams.getAll(name)]));
}

async function urlOf(
  functionName: string,
  qualifier: string | undefined,
  lambda: LambdaConnection,
) {
  const { sdk, client } = await lambda();
  const command = new sdk.GetFunctionUrlConfigCommand({
    FunctionName: functionName,
    ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
  });
  const found = await client.send(command).catch((error: unknown) => {
    if (error instanceof sdk.ResourceNotFoundException) return undefined;
    throw error;
  });
  if (found?.FunctionUrl === undefined) return undefined;
  return {
    url: found.FunctionUrl,
    isSigned: found.AuthType === "AWS_IAM",
    ca: certificatesOf(client.config.requestHandler),
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

/** Names in NO_PROXY hold for what is below them, too, as curl has it, or for one port: `host:443`. */
function proxyOf(origin: string, environment: Environment): string | undefined {
  const of = (name: string) => (environment[name] ?? environment[name.toUpperCase()]) || undefined;
  const { protocol, hostname, port } = new URL(origin);
  const ownPort = port || (protocol === "https:" ? "443" : "80");
  const isExcepted = (of("no_proxy") ?? "").split(",").some((each) => {
    const [written = "", excepted = ownPort] = each.trim().split(":");
    if (excepted !== ownPort) return false;
    const name = written.replace(/^\*?\./, "");
    return name !== "" && (name === "*" || hostname === name || hostname.endsWith(`.${name}`));
  });
  return isExcepted ? undefined : of(protocol === "https:" ? "https_proxy" : "http_proxy");
}
