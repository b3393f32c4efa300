import type { OperationModel, ServiceModel } from "./shape.ts";

export interface Route {
  readonly operation: OperationModel;
  readonly method: string;
  readonly pattern: RegExp;
  /** Names of the labels, in the order of the pattern's groups. */
  readonly labels: readonly string[];
  /** Query parameters that must be there, with their value where it is fixed. */
  readonly literals: readonly (readonly [name: string, value: string | undefined])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  readonly weight: number;
}

export interface RouteMatch {
  readonly route: Route;
  readonly labels: Record<string, string>;
}

export interface RoutedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly hasHeader: (name: string) => boolean;
}

/** A service's HTTP bindings by method, the most literal first, so that the first match is the right one. */
export type RouteTable = ReadonlyMap<string, readonly Route[]>;

export function compileRoutes(
  model: ServiceModel,
  accept: (operation: OperationModel) => boolean,
): RouteTable {
  const routes = [...model.operations.values()].filter(accept).flatMap(compileRoute);
  return Map.groupBy(
    routes.toSorted((left, right) => right.weight - left.weight),
    ({ method }) => method,
  );
}

function compileRoute(operation: OperationModel): Route[] {
  if (operation.http === undefined) return [];
  const [path = "", query = ""] = operation.http.uri.split("?", 2);
  const segments = path.split("/").filter((segment) => segment !== "");
  const labels: string[] = [];
  const source = segments.map((segment) => segmentPattern(segment, labels)).join("");
  const literals = queryLiterals(query);
  const required = operation.input.members.filter((member) => member.required);
  const requiredQuery = required.flatMap(({ traits }) => traits.httpQuery ?? []);
  const requiredHeaders = required.flatMap(({ traits }) => traits.httpHeader?.toLowerCase() ?? []);
  const fixed = segments.filter((segment) => !segment.startsWith("{")).length;
  return [
    {
      operation,
      method: operation.http.method,
      // A trailing slash belongs to an S3 key, and means nothing elsewhere.
      pattern: new RegExp(source.endsWith(greedyPattern) ? `^${source}$` : `^${source}/?$`, "s"),
      labels,
      literals,
      requiredQuery,
      requiredHeaders,
      weight:
        fixed * 10_000 +
        segments.length * 1000 +
        literals.length * 100 +
        requiredQuery.length * 10 +
        requiredHeaders.length,
    },
  ];
}

const greedyPattern = "(.+)";

function segmentPattern(segment: string, labels: string[]): string {
  const label = /^\{(?<name>[^+}]+)(?<greedy>\+)?\}$/.exec(segment)?.groups;
  if (label === undefined) return `/${segment.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`;
  labels.push(label["name"] ?? "");
  return label["greedy"] ? `/${greedyPattern}` : "/([^/]+)";
}

/** `x-id` only names the operation for its readers; most clients leave it out. */
function queryLiterals(query: string): (readonly [string, string | undefined])[] {
  return query
    .split("&")
    .filter((part) => part !== "" && !part.startsWith("x-id="))
    .map((part) => {
      const [name = "", value] = part.split("=", 2);
      return [name, value] as const;
    });
}

export function matchRoute(table: RouteTable, request: RoutedRequest): RouteMatch | undefined {
  for (const route of table.get(request.method) ?? []) {
    const match = route.pattern.exec(request.path);
    if (match === null || !conditionsHold(route, request)) continue;
    const labels: Record<string, string> = {};
    for (const [index, name] of route.labels.entries()) labels[name] = match[index + 1] ?? "";
    return { route, labels };
  }
  return undefined;
}

function conditionsHold(route: Route, request: RoutedRequest): boolean {
  return (
    route.literals.every(([name, value]) => {
      const given = request.query.get(name);
      return given !== null && (value === undefined || given === value);
    }) &&
    route.requiredQuery.every((name) => request.query.has(name)) &&
    route.requiredHeaders.every((name) => request.hasHeader(name))
  );
}
