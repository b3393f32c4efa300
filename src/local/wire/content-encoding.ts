import { gunzipSync } from "node:zlib";
import { ServiceError } from "../service-error.ts";
import { header, type WireRequest } from "./message.ts";

/** Far beyond the largest request that is compressed: PutMetricData takes 1 MB (CloudWatch API reference). */
const maxInflated = 8 * 1024 * 1024;

/** The request without its gzip encoding, which the SDKs put on large requests of services that take it. */
export function inflate(request: WireRequest): WireRequest {
  if (header(request, "content-encoding") !== "gzip") return request;
  const { "content-encoding": _encoding, ...headers } = request.headers;
  try {
    return {
      ...request,
      headers,
      body: gunzipSync(request.body, { maxOutputLength: maxInflated }),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw new ServiceError("RequestEntityTooLarge", "The request is too large once inflated.", {
        status: 413,
      });
    throw new ServiceError("SerializationException", "The request body is not in gzip format.", {
      status: 400,
    });
  }
}
