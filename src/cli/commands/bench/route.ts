import type { Aws, InvocationRoute } from "../../../aws/ports.ts";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { BenchOptions } from "../bench.ts";

/**
 * Where the requests of a run go: to Invoke, or with `--url` to the function's own URL.
 * @throws LMI_FUNCTION_NO_URL, LMI_BENCH_PROXY
 */
export async function routeOf(
  functionName: string,
  { url, qualifier }: Pick<BenchOptions, "url" | "qualifier">,
  { invocationRoutes: routes, target }: Pick<Aws, "invocationRoutes" | "target">,
): Promise<InvocationRoute> {
  const route =
    url === undefined
      ? await routes.find(functionName, qualifier)
      : await routes.findUrl(functionName, pathOf(url), qualifier);
  if (route === undefined) throw noUrl(functionName, target.local);
  if (route.proxy !== undefined) throw behindProxy(route.origin);
  return route;
}

function pathOf(url: string | true): string {
  if (url === true) return "/";
  // A second slash of either kind would begin the name of a host.
  if (/^\/(?![/\\])/.test(url)) return url;
  throw new LmiError("LMI_USAGE", `--url ${url} is not a path.`, {
    why: "It begins with /; Lambda is asked for the name of the host.",
    next: "For example --url /orders",
    exitCode: ExitCode.usage,
  });
}

function noUrl(functionName: string, isLocal: boolean): LmiError {
  return new LmiError("LMI_FUNCTION_NO_URL", `${functionName} has no function URL.`, {
    why: "Its settings have no url, or it belongs to an alias (--qualifier).",
    next: `Give it one: lmi deploy --url iam${isLocal ? " --local" : ""}; or measure Invoke, without --url`,
    exitCode: ExitCode.usage,
  });
}

function behindProxy(origin: string): LmiError {
  const { hostname } = new URL(origin);
  return new LmiError("LMI_BENCH_PROXY", `A proxy stands between this machine and ${hostname}.`, {
    why: "What it takes, and where it stops, cannot be told from what the function does; and others share it.",
    next: `Run it where AWS is reached without one, or except it: NO_PROXY=${hostname}`,
    exitCode: ExitCode.usage,
  });
}
