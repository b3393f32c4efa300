import { HttpError } from "./http-error.ts";

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

interface RouteRequest {
  /** Parts of the path in braces, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined for an empty body. */
  readonly body: unknown;
}

type RouteHandler = (request: RouteRequest) => unknown;

/** Routes such as `GET /products/{id}`; the first that fits answers. POST answers 201, everything else 200. */
export function route(handlers: Readonly<Record<string, RouteHandler>>) {
  const routes = Object.entries(handlers).map(([key, handle]) => {
    const [method = "", path = ""] = key.split(" ");
    return { method, pattern: patternOf(path), handle };
  });

  return async ({ method, path, body }: ApiRequest) => {
    const fitting = routes.filter(({ pattern }) => pattern.test(path));
    const found = fitting.find((candidate) => candidate.method === method);
    if (!found) {
      if (fitting.length === 0) throw new HttpError(404, `There is nothing at ${path}`);
      throw new HttpError(405, `${path} takes ${fitting.map((each) => each.method).join(", ")}`);
    }
    const parameters = parametersOf(found.pattern.exec(path)?.groups);
    const value = await found.handle({ parameters, body: parsed(body) });
    return { status: method === "POST" ? 201 : 200, value };
  };
}

function patternOf(path: string): RegExp {
  const parts = path.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${parts.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

function parametersOf(groups: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decoded(value)]));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new HttpError(400, `${value} is not a part of a URL`);
  }
}

function parsed(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new HttpError(400, "The body is not JSON");
  }
}
