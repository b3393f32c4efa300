/** Where a request for a URL of functions goes, by its host name. */
export interface FunctionUrlHost {
  /** Who answers: Lambda on function URLs, API Gateway on those of HTTP APIs. */
  readonly service: "lambda" | "apigateway";
  /** First label of the name, which AWS, too, makes up: 32 characters of function URLs, 10 of HTTP APIs. */
  readonly id: string;
  readonly region: string;
  /** The whole name, without port. */
  readonly domainName: string;
}

const pattern =
  /^(?<id>[a-z0-9-]{1,63})\.(?<kind>lambda-url|execute-api)\.(?<region>[a-z0-9-]{1,63})\.localhost(?::\d+)?$/;

/**
 * Reads `<id>.lambda-url.<region>.localhost` and `<id>.execute-api.<region>.localhost`. Whatever has this form belongs to functions, known or not, and never
 * reaches the AWS APIs: pages that a function serves have this origin, and could sign requests of their own to them.
 */
export function functionUrlHost(host: string | undefined): FunctionUrlHost | undefined {
  const name = host?.toLowerCase();
  const groups = name === undefined ? undefined : pattern.exec(name)?.groups;
  if (!groups) return undefined;
  const { id = "", kind = "", region = "" } = groups;
  const service = kind === "lambda-url" ? "lambda" : "apigateway";
  return { service, id, region, domainName: `${id}.${kind}.${region}.localhost` };
}
