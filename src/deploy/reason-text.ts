/** What resource handlers and service errors hang on their reasons, of use to AWS support only. */
const support =
  /\s*\([^()]*\b(?:RequestToken|HandlerErrorCode|Request ID|RequestId|SDK Attempt Count)\b[^()]*\)/g;
const handler = /^Resource handler returned message: "(.*)"$/s;

/** A reason as people read it; the whole text belongs into the details. */
export function plainReason(reason: string): string {
  return reason.replaceAll(support, "").trim().replace(handler, "$1").trim();
}
