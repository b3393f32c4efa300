import { errorForm, errorMembers } from "../error-form.ts";
import type { WireRequest, WireResponse } from "../message.ts";
import type { Protocol, Resolved } from "../protocol.ts";
import type { QueryDialect } from "../query-decoder.ts";
import { awsQuery, decodeQuery, ec2Query } from "../query-decoder.ts";
import type { ServiceModel } from "../shape.ts";
import { element, encodeMembers, escapeXml } from "../xml-encoder.ts";

/** awsQuery: the operation in the form field `Action`, answers in XML with a `Result` and `ResponseMetadata`. */
export const queryProtocol: Protocol = {
  resolve: (request, model) => resolveAction(request, model, awsQuery),

  encodeOutput(model, operation, output, requestId) {
    const result = `<${operation.name}Result>${encodeMembers(operation.output, output)}</${operation.name}Result>`;
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    const body = `<${operation.name}Response xmlns="${model.xmlNamespace}">${result}${metadata}</${operation.name}Response>`;
    return xmlResponse(200, body, requestId);
  },

  encodeError(model, error, requestId) {
    const form = errorForm(model, error);
    const { message: _lower, Message: _upper, ...members } = errorMembers(form, error);
    const content =
      element("Type", form.fault === "client" ? "Sender" : "Receiver") +
      element("Code", form.model?.queryCode ?? error.code) +
      element("Message", escapeXml(error.message)) +
      Object.entries(members)
        .map(([name, value]) => element(name, escapeXml(String(value))))
        .join("");
    const namespace = model === undefined ? "" : ` xmlns="${model.xmlNamespace}"`;
    const body = `<ErrorResponse${namespace}><Error>${content}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return xmlResponse(form.status, body, requestId);
  },
};

/** ec2Query: as awsQuery, with EC2's own names and a flatter envelope. */
export const ec2Protocol: Protocol = {
  resolve: (request, model) => resolveAction(request, model, ec2Query),

  encodeOutput(model, operation, output, requestId) {
    const content = `<requestId>${requestId}</requestId>${encodeMembers(operation.output, output)}`;
    const body = `<${operation.name}Response xmlns="${model.xmlNamespace}">${content}</${operation.name}Response>`;
    return xmlResponse(200, body, requestId);
  },

  encodeError(model, error, requestId) {
    const content = element("Code", error.code) + element("Message", escapeXml(error.message));
    const body = `<Response><Errors><Error>${content}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
    return xmlResponse(errorForm(model, error).status, body, requestId);
  },
};

function resolveAction(request: WireRequest, model: ServiceModel, dialect: QueryDialect): Resolved {
  const form =
    request.body.length > 0 ? new URLSearchParams(request.body.toString("utf8")) : request.query;
  const operationName = form.get("Action") ?? "";
  const operation = model.operations.get(operationName);
  return {
    operationName,
    operation,
    decode: () => (operation === undefined ? {} : decodeQuery(operation.input, form, dialect)),
  };
}

function xmlResponse(status: number, xml: string, requestId: string): WireResponse {
  return {
    status,
    headers: { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`,
  };
}
