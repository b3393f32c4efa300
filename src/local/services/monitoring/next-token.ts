import type { ServiceError } from "../../service-error.ts";

/** Where the next page begins; fails with `invalid` for what is none of this service's tokens. */
export function offsetOf(token: string | undefined, invalid: () => ServiceError): number {
  if (token === undefined) return 0;
  const offset = Buffer.from(token, "base64url").toString();
  if (!/^\d{1,12}$/.test(offset)) throw invalid();
  return Number(offset);
}

export const tokenOf = (offset: number) => Buffer.from(String(offset)).toString("base64url");
