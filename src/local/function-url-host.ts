/** Where a request for a function URL goes, by its host name. */
export interface FunctionUrlHost {
  /** First label of the name: 32 characters that AWS, too, makes up. */
  readonly id: string;
  readonly region: string;
  /** The whole name, without port. */
  readonly domainName: string;
}

const pattern =
  /^(?<id>[a-z0-9-]{1,63})\.lambda-url\.(?<region>[a-z0-9-]{1,63})\.localhost(?::\d+)?$/;

/**
 * Reads `<id>.lambda-url.<region>.localhost`. Whatever has this form belongs to functions, known or not, and never
 * reaches the AWS APIs: pages that a function serves have this origin, and could sign requests of their own to them.
 */
export function functionUrlHost(host: string | undefined): FunctionUrlHost | undefined {
  const name = host?.toLowerCase();
  const groups = name === undefined ? undefined : pattern.exec(name)?.groups;
  if (!groups) return undefined;
  const { id = "", region = "" } = groups;
  return { id, region, domainName: `${id}.lambda-url.${region}.localhost` };
}
