import type { ServiceError } from "../service-error.ts";
import type { WireRequest, WireResponse } from "./message.ts";
import type { OperationModel, ServiceModel } from "./shape.ts";

/** What a request asks for. The model is missing when no operation of the service has that name or path. */
export interface Resolved {
  readonly operationName: string;
  readonly operation: OperationModel | undefined;
  readonly decode: () => Record<string, unknown>;
}

/** One of AWS's wire protocols, from the server's side. */
export interface Protocol {
  resolve(request: WireRequest, model: ServiceModel): Resolved;
  encodeOutput(
    model: ServiceModel,
    operation: OperationModel,
    output: Record<string, unknown>,
    requestId: string,
  ): WireResponse;
  encodeError(
    model: ServiceModel | undefined,
    error: ServiceError,
    requestId: string,
  ): WireResponse;
}
