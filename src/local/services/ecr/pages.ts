import { ServiceError } from "../../service-error.ts";

export interface PageInput {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** Repositories come 100 a page where maxResults says nothing else (Amazon ECR API reference, DescribeRepositories). */
const defaultResults = 100;

/** One page of a list; the token is the position of the next item. */
export function page<Item>(
  all: readonly Item[],
  { maxResults = defaultResults, nextToken }: PageInput,
): { readonly items: readonly Item[]; readonly nextToken: string | undefined } {
  const text = nextToken === undefined ? "0" : Buffer.from(nextToken, "base64url").toString();
  if (!/^\d{1,9}$/.test(text)) throw invalidParameter("nextToken", nextToken ?? "");
  const end = Number(text) + maxResults;
  return {
    items: all.slice(Number(text), end),
    nextToken: end < all.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}

export function invalidParameter(name: string, value: string): ServiceError {
  const message = `Invalid parameter at '${name}' failed to satisfy constraint: '${value}'`;
  return new ServiceError("InvalidParameterException", message);
}

/** Policies are kept as they are: only that they are JSON objects is looked at. */
export function checkDocument(name: string, text: string): void {
  try {
    if (typeof JSON.parse(text) === "object") return;
  } catch {
    // Refused below.
  }
  throw invalidParameter(name, text);
}
