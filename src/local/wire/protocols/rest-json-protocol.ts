import { encodeEvents, eventStreamType } from "../event-stream.ts";
import { errorForm, errorMembers } from "../error-form.ts";
import { bindingsOf, decodeHttp, encodeHeaders, statusOf } from "../http-binding.ts";
import { decodeJson, encodeJson } from "../json-codec.ts";
import { header, type WireBody } from "../message.ts";
import type { Protocol } from "../protocol.ts";
import { compileRoutes, matchRoute, type RouteTable } from "../routes.ts";
import type { Member, ServiceModel, Structure } from "../shape.ts";

const tables = new WeakMap<ServiceModel, RouteTable>();

function routesOf(model: ServiceModel): RouteTable {
  let table = tables.get(model);
  if (table === undefined) tables.set(model, (table = compileRoutes(model, () => true)));
  return table;
}

/** restJson1 (Lambda): the operation in method and path, members in path, query, headers and a JSON body. */
export const restJsonProtocol: Protocol = {
  resolve(request, model) {
    const match = matchRoute(routesOf(model), {
      method: request.method,
      path: request.path,
      query: request.query,
      hasHeader: (name) => header(request, name) !== undefined,
    });
    if (match === undefined) {
      return {
        operationName: `${request.method} ${request.path}`,
        operation: undefined,
        decode: () => ({}),
      };
    }
    const { operation } = match.route;
    return {
      operationName: operation.name,
      operation,
      decode: () => decodeHttp(operation.input, request, match.labels, decodeJson),
    };
  },

  encodeOutput(_model, operation, output, requestId) {
    const shape = operation.output;
    const { payload, body } = bindingsOf(shape);
    const headers = { "x-amzn-requestid": requestId, ...encodeHeaders(shape, output) };
    const status = statusOf(shape, output, operation.http?.status ?? 200);
    if (payload !== undefined) {
      const content = encodePayload(payload, output[payload.name]);
      return { status, headers: { "content-type": content.type, ...headers }, body: content.body };
    }
    if (status === 204) return { status, headers, body: "" };
    const text = body === undefined ? "{}" : encodeJson(body, output);
    return { status, headers: { "content-type": "application/json", ...headers }, body: text };
  },

  encodeError(model, error, requestId) {
    const form = errorForm(model, error);
    const code = form.model?.name ?? error.code;
    const { members } = form.model?.shape ?? { members: [] };
    // Lambda's errors say whose fault it was in a member of their own.
    const type = members.some(({ name }) => name === "Type")
      ? { Type: form.fault === "client" ? "User" : "Service" }
      : {};
    const headers = encodeErrorHeaders(form.model?.shape, error.members);
    return {
      status: form.status,
      headers: {
        "content-type": "application/json",
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": code,
        ...headers,
      },
      body: JSON.stringify({ ...type, ...errorMembers(form, error) }),
    };
  },
};

function encodeErrorHeaders(
  shape: Structure | undefined,
  members: Readonly<Record<string, unknown>>,
): Record<string, string> {
  return shape === undefined ? {} : encodeHeaders(shape, members);
}

function encodePayload(
  payload: Member,
  value: unknown,
): { readonly type: string; readonly body: WireBody } {
  const { shape } = payload;
  if (shape.kind === "union" && payload.traits.streaming) {
    const events = encodeEvents(shape, value as AsyncIterable<Record<string, unknown>>);
    return { type: eventStreamType, body: events };
  }
  if (shape.kind === "blob" || shape.kind === "string") {
    // Lambda labels every invocation's answer as JSON, whatever the function returned.
    return { type: "application/json", body: (value ?? "") as WireBody };
  }
  return { type: "application/json", body: value === undefined ? "" : encodeJson(shape, value) };
}
