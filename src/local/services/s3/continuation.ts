import { invalidArgument } from "./s3-errors.ts";

/** A continuation token names the last item of the page before it; one that was not made here is refused. */
export function continuationToken(last: string): string {
  return Buffer.from(`after:${last}`).toString("base64url");
}

export function readContinuationToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (text.startsWith("after:")) return text.slice("after:".length);
  throw invalidArgument("The continuation token provided is incorrect");
}
