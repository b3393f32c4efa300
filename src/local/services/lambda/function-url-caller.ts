import type { Cors } from "@aws-sdk/client-lambda";
import type { Clock } from "../../clock.ts";
import { readCredential } from "../../security.ts";
import type { FunctionUrlRequest } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { header } from "../../wire/message.ts";
import { namesOrigin } from "./function-url-cors.ts";
import type { UrlCaller } from "./function-url-event.ts";

interface Asked {
  /** The service that the request must be signed for. */
  readonly service: "lambda" | "execute-api";
  readonly cors: Cors | undefined;
  readonly accountId: string;
  readonly clock: Clock;
}

/** Who signed a request to a URL that takes signed ones only; undefined: one who may not call it. */
export function signedCaller(
  request: FunctionUrlRequest,
  { service: wanted, cors, accountId, clock }: Asked,
): UrlCaller | undefined {
  // Signatures are not verified here, so that any page could make one up: on AWS it could not.
  if (fromAnotherSite(request) && !namesOrigin(cors, header(request, "origin") ?? ""))
    return undefined;
  try {
    const { accessKeyId, service } = readCredential(request, clock);
    return service === wanted ? { accountId, accessKeyId } : undefined;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/** What browsers say of a request that another site's page makes. */
function fromAnotherSite(request: FunctionUrlRequest): boolean {
  const site = header(request, "sec-fetch-site");
  const origin = header(request, "origin");
  const own = `http://${header(request, "host") ?? ""}`;
  return (
    (site !== undefined && site !== "none" && site !== "same-origin") ||
    (origin !== undefined && origin !== own)
  );
}
