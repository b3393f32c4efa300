import { pageOf } from "../../page.ts";
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
  const token =
    nextToken === undefined ? undefined : Buffer.from(nextToken, "base64url").toString();
  const found = pageOf(all, token, maxResults);
  if (!found) throw invalidParameter("nextToken", nextToken ?? "");
  const next = found.next === undefined ? undefined : Buffer.from(found.next).toString("base64url");
  return { items: found.items, nextToken: next };
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
