/** A route that a request goes to, and what its path says. */
export interface RouteMatch<Route> {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const methods = new Set(["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
const segment = /^(?:[^{}]*|\{[a-zA-Z0-9._:-]+\})$/;
const greedySegment = /^\{[a-zA-Z0-9._:-]+\+\}$/;
const variableSegment = /^\{(?<name>[a-zA-Z0-9._:-]+\+?)\}$/;

/** `$default`, or a method and a path whose last segment alone may be greedy (API Gateway developer guide, http-api-develop-routes). */
export function isRouteKey(key: string): boolean {
  if (key === "$default") return true;
  const [method = "", path = "", ...more] = key.split(" ");
  if (!methods.has(method) || !path.startsWith("/") || more.length > 0) return false;
  const segments = path.slice(1).split("/");
  const last = segments.pop() ?? "";
  return (
    segments.every((each) => each !== "" && segment.test(each)) &&
    (segment.test(last) || greedySegment.test(last))
  );
}

/**
 * The route with the best match: a full one for path and method, then one with a greedy variable, then `$default`
 * (http-api-develop-routes). Among those of a kind a literal segment beats a variable and a method beats ANY, as in the
 * guide's example.
 */
export function matchRoute<Route extends { readonly RouteKey: string }>(
  routes: readonly Route[],
  method: string,
  path: string,
): RouteMatch<Route> | undefined {
  const candidates = routes.flatMap((route) => {
    const [own = "", ownPath = ""] = route.RouteKey.split(" ");
    if (own !== "ANY" && own !== method) return [];
    const pathParameters = parametersOf(ownPath, path);
    return pathParameters ? [{ route, pathParameters, rank: rankOf(own, ownPath) }] : [];
  });
  const [best] = candidates.toSorted((left, right) => (left.rank < right.rank ? -1 : 1));
  if (best) return { route: best.route, pathParameters: best.pathParameters };
  const route = routes.find(({ RouteKey }) => RouteKey === "$default");
  return route && { route, pathParameters: {} };
}

/** What sorts first is better: one letter for greediness, one a segment, one for the method. */
function rankOf(method: string, path: string): string {
  const segments = path.slice(1).split("/");
  const greedy = segments.some((each) => greedySegment.test(each));
  const letters = segments.map((each) =>
    each.startsWith("{") ? (each.endsWith("+}") ? "c" : "b") : "a",
  );
  return `${greedy ? "b" : "a"}${letters.join("")}${method === "ANY" ? "b" : "a"}`;
}

/** Variables of a route's path in a request's, decoded; undefined where they do not match. */
function parametersOf(route: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = route.split("/").map((each) => {
    const { name } = variableSegment.exec(each)?.groups ?? {};
    if (name === undefined) return each.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    names.push(name.replace(/\+$/, ""));
    return name.endsWith("+") ? "(.+)" : "([^/]+)";
  });
  const found = new RegExp(`^${pattern.join("/")}$`).exec(path);
  return found
    ? Object.fromEntries(names.map((name, index) => [name, decoded(found[index + 1] ?? "")]))
    : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
