import type { EventFacts, EventFinding } from "./event-facts.ts";
import type { HttpEvent } from "./http-schema.ts";

/** API Gateway developer guide, http-api-quotas: the longest that an integration may take, in seconds. */
const MAX_HTTP_SECONDS = 30;

export const httpFacts: EventFacts<HttpEvent> = {
  identity: ({ name = "" }) => name,
  rules: (event, own) => [
    ...routeFindings(event),
    ...corsFindings(event),
    ...timeoutFindings(own.timeout),
  ],
};

function routeFindings({ routes }: HttpEvent): EventFinding[] {
  return routes.flatMap((route, index) => {
    const message = routes.indexOf(route) < index ? `is there twice: ${route}` : pathProblem(route);
    if (message === undefined) return [];
    return [{ key: `routes/${index}`, value: route, message, code: "event-http-route" }];
  });
}

const variable = /^\{[\w.:-]+\}$/;
const lastVariable = /^\{[\w.:-]+\+?\}$/;

/** Variables fill whole parts of a path, and a greedy one is the last (http-api-develop-routes). */
function pathProblem(route: string): string | undefined {
  const [, path] = route.split(" ");
  if (path === undefined) return undefined;
  const parts = path.slice(1).split("/");
  if (parts.slice(0, -1).includes("")) return "must not have an empty part in its path";
  const wrong = parts.find(
    (part, index) =>
      /[{}]/.test(part) && !(index === parts.length - 1 ? lastVariable : variable).test(part),
  );
  if (wrong !== undefined)
    return `must have {name} as a whole part of its path, and {name+} as the last one, not ${wrong}`;
  const names = parts.filter((part) => /[{}]/.test(part)).map((part) => part.replace("+", ""));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return twice === undefined ? undefined : `must not have ${twice} twice`;
}

/** API Gateway API reference, Cors: credentials need origins by name. */
function corsFindings({ cors }: HttpEvent): EventFinding[] {
  if (cors?.allowCredentials !== true || !cors.allowOrigins?.includes("*")) return [];
  const message = "must name origins where allowCredentials is true";
  return [{ key: "cors/allowOrigins", value: "*", message, code: "event-http-cors" }];
}

function timeoutFindings(timeout: number): EventFinding[] {
  if (timeout <= MAX_HTTP_SECONDS) return [];
  const message = `waits at most ${MAX_HTTP_SECONDS} seconds, and the function may take ${timeout}: callers get 503 while it runs on`;
  return [
    {
      key: "",
      value: undefined,
      message,
      code: "event-http-timeout",
      severity: "warning",
      involves: ["timeout"],
    },
  ];
}
