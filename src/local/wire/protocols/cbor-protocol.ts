import { decodeCbor, encodeCbor, encodePlainCbor } from "../cbor-codec.ts";
import { errorForm, errorMembers, queryErrorHeader } from "../error-form.ts";
import type { Protocol } from "../protocol.ts";
import type { Structure } from "../shape.ts";

const operationPath = /^\/service\/[^/]+\/operation\/(?<name>[^/]+)$/;
const unit: Structure = { kind: "structure", name: "Unit", traits: {}, members: [] };

/** Smithy RPC v2 CBOR: the operation in the path, one CBOR map each way (Smithy specification, smithy-rpc-v2). */
export const cborProtocol: Protocol = {
  resolve(request, model) {
    const operationName = operationPath.exec(request.path)?.groups?.["name"] ?? "";
    const operation = model.operations.get(operationName);
    return {
      operationName,
      operation,
      decode: () =>
        request.body.length === 0
          ? {}
          : (decodeCbor(operation?.input ?? unit, request.body) as Record<string, unknown>),
    };
  },

  encodeOutput(_model, operation, output, requestId) {
    return {
      status: 200,
      headers: headersFor(requestId),
      body: encodeCbor(operation.output, output),
    };
  },

  encodeError(model, error, requestId) {
    const form = errorForm(model, error);
    const code = form.model?.name ?? error.code;
    return {
      status: form.status,
      headers: { ...headersFor(requestId), ...queryErrorHeader(model, form, error) },
      body: encodePlainCbor({ __type: code, ...errorMembers(form, error) }),
    };
  },
};

function headersFor(requestId: string): Record<string, string> {
  return {
    "content-type": "application/cbor",
    "smithy-protocol": "rpc-v2-cbor",
    "x-amzn-requestid": requestId,
  };
}
