import { errorForm } from "../error-form.ts";
import { bindingsOf, decodeHttp, decodeLabel, encodeHeaders, statusOf } from "../http-binding.ts";
import { header, type WireBody, type WireRequest } from "../message.ts";
import type { Protocol } from "../protocol.ts";
import { compileRoutes, matchRoute, type RouteTable } from "../routes.ts";
import { isStructure, type Member, type OperationModel, type ServiceModel } from "../shape.ts";
import { decodeXml } from "../xml-decoder.ts";
import { element, encodeMembers, escapeXml } from "../xml-encoder.ts";

/** Operations on a bucket or its objects, and those on the account: their paths look alike once the bucket is taken off. */
interface Tables {
  readonly bucket: RouteTable;
  readonly account: RouteTable;
}

const tables = new WeakMap<ServiceModel, Tables>();

function routesOf(model: ServiceModel): Tables {
  let known = tables.get(model);
  if (known === undefined) {
    known = {
      bucket: compileRoutes(model, namesBucket),
      account: compileRoutes(model, (operation) => !namesBucket(operation)),
    };
    tables.set(model, known);
  }
  return known;
}

function namesBucket(operation: OperationModel): boolean {
  return operation.input.members.some(({ name }) => name === "Bucket");
}

/** restXml, as S3 speaks it: the bucket in the first path segment or in the host name. */
export const restXmlProtocol: Protocol = {
  resolve(request, model) {
    const { bucket, path } = splitBucket(request);
    const match = matchRoute(
      bucket === undefined ? routesOf(model).account : routesOf(model).bucket,
      {
        method: request.method,
        path,
        query: request.query,
        hasHeader: (name) => header(request, name) !== undefined,
      },
    );
    if (match === undefined) {
      return {
        operationName: `${request.method} ${request.path}`,
        operation: undefined,
        decode: () => ({}),
      };
    }
    const { operation } = match.route;
    const labels = bucket === undefined ? match.labels : { ...match.labels, Bucket: bucket };
    return {
      operationName: operation.name,
      operation,
      decode: () => decodeHttp(operation.input, request, labels, decodeXml),
    };
  },

  encodeOutput(model, operation, output, requestId) {
    const shape = operation.output;
    const headers = { "x-amz-request-id": requestId, ...encodeHeaders(shape, output) };
    const status = statusOf(shape, output, operation.http?.status ?? 200);
    if (operation.http?.method === "HEAD") return { status, headers, body: "" };
    const { type, body } = encodeBody(model, operation, output);
    return { status, headers: { ...(type && { "content-type": type }), ...headers }, body };
  },

  encodeError(model, error, requestId) {
    const members = Object.entries(error.members)
      .map(([name, value]) => element(name, escapeXml(String(value))))
      .join("");
    const content = `${element("Code", error.code)}${element("Message", escapeXml(error.message))}${members}`;
    return {
      status: errorForm(model, error).status,
      headers: { "content-type": "application/xml", "x-amz-request-id": requestId },
      body: `${declaration}<Error>${content}<RequestId>${requestId}</RequestId></Error>`,
    };
  },
};

const declaration = `<?xml version="1.0" encoding="UTF-8"?>\n`;

interface Content {
  readonly type: string | undefined;
  readonly body: WireBody;
}

function encodeBody(
  model: ServiceModel,
  operation: OperationModel,
  output: Record<string, unknown>,
): Content {
  const { payload, body } = bindingsOf(operation.output);
  const namespace = ` xmlns="${model.xmlNamespace}"`;
  if (payload !== undefined) return encodePayload(payload, output[payload.name], namespace);
  if (body === undefined) return { type: undefined, body: "" };
  const name = operation.output.traits.xmlName ?? operation.output.name;
  // S3 gives the location as the text of the root element, in this one operation only.
  if (operation.name === "GetBucketLocation") {
    return xmlBody(
      element(
        "LocationConstraint",
        escapeXml((output["LocationConstraint"] ?? "") as string),
        namespace,
      ),
    );
  }
  return xmlBody(element(name, encodeMembers(body, output), namespace));
}

function encodePayload({ shape, traits }: Member, value: unknown, namespace: string): Content {
  if (shape.kind === "blob")
    return { type: "binary/octet-stream", body: (value ?? "") as WireBody };
  if (shape.kind === "string") return { type: "application/json", body: (value ?? "") as string };
  if (value === undefined || !isStructure(shape)) return { type: undefined, body: "" };
  const name = shape.traits.xmlName ?? traits.xmlName ?? shape.name;
  return xmlBody(element(name, encodeMembers(shape, value as Record<string, unknown>), namespace));
}

function xmlBody(xml: string): { readonly type: string; readonly body: string } {
  return { type: "application/xml", body: declaration + xml };
}

/**
 * `http://127.0.0.1:4566/bucket/key` and `http://bucket.localhost:4566/key` mean the same. Clients that put
 * `s3.` or `s3.<region>.` before localhost mean the service, not a bucket.
 */
function splitBucket(request: WireRequest): {
  readonly bucket: string | undefined;
  readonly path: string;
} {
  const host = (header(request, "host") ?? "").replace(/:\d+$/, "").toLowerCase();
  const virtual = /^(?<bucket>.+?)\.(?:s3\.(?:[a-z0-9-]+\.)?)?localhost$/.exec(host)?.groups?.[
    "bucket"
  ];
  if (virtual !== undefined && virtual !== "s3" && !virtual.startsWith("s3."))
    return { bucket: virtual, path: request.path };
  const end = request.path.indexOf("/", 1);
  const encoded = end === -1 ? request.path.slice(1) : request.path.slice(1, end);
  if (encoded === "") return { bucket: undefined, path: request.path };
  return { bucket: decodeLabel(encoded), path: end === -1 ? "/" : request.path.slice(end) };
}
