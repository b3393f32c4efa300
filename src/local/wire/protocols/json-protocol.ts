import { encodeEvents, eventStreamType } from "../event-stream.ts";
import { errorForm, errorMembers, queryErrorHeader } from "../error-form.ts";
import { decodeJson, encodeJson } from "../json-codec.ts";
import { header, type WireResponse } from "../message.ts";
import type { Protocol } from "../protocol.ts";
import type { Structure } from "../shape.ts";

/** awsJson1.1: the operation in `X-Amz-Target`, one JSON object each way. */
export const jsonProtocol: Protocol = {
  resolve(request, model) {
    const target = header(request, "x-amz-target") ?? "";
    const operationName = target.slice(target.lastIndexOf(".") + 1);
    const operation = model.operations.get(operationName);
    return {
      operationName,
      operation,
      decode: () => {
        const text = request.body.length === 0 ? "{}" : request.body.toString("utf8");
        return decodeJson(operation?.input ?? emptyInput, text) as Record<string, unknown>;
      },
    };
  },

  encodeOutput(_model, operation, output, requestId) {
    const stream = operation.output.members.find(
      ({ traits, shape }) => traits.streaming && shape.kind === "union",
    );
    if (stream === undefined) {
      return {
        status: 200,
        headers: headersFor(requestId),
        body: encodeJson(operation.output, output),
      };
    }
    const { [stream.name]: events, ...initial } = output;
    return {
      status: 200,
      headers: { ...headersFor(requestId), "content-type": eventStreamType },
      body: encodeEvents(
        stream.shape as Structure,
        events as AsyncIterable<Record<string, unknown>>,
        encodeJson(operation.output, initial),
      ),
    };
  },

  encodeError(model, error, requestId) {
    const form = errorForm(model, error);
    const code = form.model?.name ?? error.code;
    return {
      // Whatever the SDK's schemas say: these services answer every client error with 400 ("HTTP Status Code: 400"
      // for each error in the API references of KMS, SSM, ECR and CloudWatch Logs; botocore's models give none).
      status: form.status < 500 ? 400 : form.status,
      headers: {
        ...headersFor(requestId),
        "x-amzn-errortype": code,
        ...queryErrorHeader(model, form, error),
      },
      body: JSON.stringify({ __type: code, ...errorMembers(form, error) }),
    };
  },
};

/** awsJson1.0: the same under another content type. */
export const json10Protocol: Protocol = {
  resolve: (...given) => jsonProtocol.resolve(...given),
  encodeOutput: (...given) => asJson10(jsonProtocol.encodeOutput(...given)),
  encodeError: (...given) => asJson10(jsonProtocol.encodeError(...given)),
};

function asJson10(response: WireResponse): WireResponse {
  const headers = { ...response.headers, "content-type": "application/x-amz-json-1.0" };
  return { ...response, headers };
}

const emptyInput: Structure = { kind: "structure", name: "Unit", traits: {}, members: [] };

function headersFor(requestId: string): Record<string, string> {
  return { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": requestId };
}
