import { ServiceError } from "../../service-error.ts";

/** One page of a list; the token is the position of the next item. */
export function page<Item>(
  all: readonly Item[],
  token: string | undefined,
  size: number,
): { readonly items: readonly Item[]; readonly NextToken: string | undefined } {
  const text = token === undefined ? "0" : Buffer.from(token, "base64url").toString();
  const start = Number(text);
  if (!/^\d{1,9}$/.test(text))
    throw new ServiceError("InvalidNextToken", "The specified token isn't valid.");
  const end = start + size;
  const NextToken = end < all.length ? Buffer.from(String(end)).toString("base64url") : undefined;
  return { items: all.slice(start, end), NextToken };
}
