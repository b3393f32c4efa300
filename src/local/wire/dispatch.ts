import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { controlService } from "../faults/control.ts";
import type { FaultSource } from "../faults/fault.ts";
import { faultHeader, strikeRequest } from "../faults/struck-request.ts";
import type { AnsweredRequest } from "../request-log.ts";
import { readCredential, refuseBrowsers, type Credential } from "../security.ts";
import type { CallContext, CallService, ServiceName } from "../service.ts";
import { ServiceError } from "../service-error.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";
import { inflate } from "./content-encoding.ts";
import { header, type WireRequest, type WireResponse } from "./message.ts";
import type { Protocol } from "./protocol.ts";
import { cborProtocol } from "./protocols/cbor-protocol.ts";
import { json10Protocol, jsonProtocol } from "./protocols/json-protocol.ts";
import { ec2Protocol, queryProtocol } from "./protocols/query-protocol.ts";
import { restJsonProtocol } from "./protocols/rest-json-protocol.ts";
import { restXmlProtocol } from "./protocols/rest-xml-protocol.ts";
import { checkConstraints } from "./input-constraints.ts";
import { checkRequired } from "./required-members.ts";
import { isModelledService, serviceModel } from "./service-models.ts";
import type { ProtocolName, ServiceModel } from "./shape.ts";

export type Dispatch = (request: WireRequest, signal: AbortSignal) => Promise<WireResponse>;

export interface DispatchOptions {
  readonly accountId: string;
  readonly clock: Clock;
  readonly call: CallService;
  readonly log: (message: string) => void;
  readonly faults: FaultSource;
  /** Answers requests that are for the target itself. */
  readonly control: (request: WireRequest) => Promise<WireResponse>;
  /** Told of each request once its answer is known. */
  readonly answered?: ((request: AnsweredRequest) => void) | undefined;
}

const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  json: jsonProtocol,
  query: queryProtocol,
  ec2: ec2Protocol,
  "rest-json": restJsonProtocol,
  "rest-xml": restXmlProtocol,
};

/** Request in, response out: finds service and operation, reads the input, calls, writes output or error. */
export function createDispatch(options: DispatchOptions): Dispatch {
  return async (request, signal) => {
    const seen: Seen = { requestId: randomUUID() };
    const response = await respond(request, signal, seen, options);
    const client = header(request, "user-agent");
    options.answered?.({
      ...seen,
      status: response.status,
      ...(client === undefined ? {} : { client }),
    });
    return seen.fault === undefined
      ? response
      : { ...response, headers: { ...response.headers, [faultHeader]: seen.fault } };
  };
}

/** The answer to a request that never becomes a call, in the form that its sender can read. */
export function refusal(request: WireRequest, error: ServiceError): WireResponse {
  return guessProtocol(request).encodeError(undefined, error, randomUUID());
}

/** What has been found out about a request so far. */
interface Seen {
  readonly requestId: string;
  service?: string;
  region?: string;
  operation?: string;
  error?: string;
  fault?: string;
}

async function respond(
  request: WireRequest,
  signal: AbortSignal,
  seen: Seen,
  options: DispatchOptions,
): Promise<WireResponse> {
  const refuse = (protocol: Protocol, model: ServiceModel | undefined, error: unknown) => {
    const failure = asServiceError(error, options);
    seen.error = failure.code;
    return protocol.encodeError(model, failure, seen.requestId);
  };
  let credential: Credential;
  try {
    refuseBrowsers(request);
    credential = readCredential(request, options.clock);
  } catch (error) {
    const protocol = guessProtocol(request);
    return refuse(protocol, undefined, inWordsOf(protocol, error));
  }
  const service = credential.service;
  seen.service = service;
  seen.region = credential.region;
  if (service === controlService && isSignedInHeader(request)) return options.control(request);
  if (!isModelledService(service)) {
    return refuse(guessProtocol(request), undefined, notImplemented(service, "any operation"));
  }
  const model = await serviceModel(service);
  try {
    return await answer(request, model, { ...credential, signal, service, seen }, options);
  } catch (error) {
    const response = refuse(protocolOf(request, model), model, error);
    return request.method === "HEAD" || response.status === 304
      ? { ...response, body: "" }
      : response;
  }
}

interface Call extends Credential {
  readonly service: ServiceName;
  readonly signal: AbortSignal;
  readonly seen: Seen;
}

async function answer(
  sent: WireRequest,
  model: ServiceModel,
  { accessKeyId, region, service, seen, signal }: Call,
  options: DispatchOptions,
): Promise<WireResponse> {
  const request = model.queryCompatible ? inflate(sent) : unwrapChunks(sent);
  const protocol = protocolOf(request, model);
  const { operationName, operation, decode } = protocol.resolve(request, model);
  seen.operation = operation?.name ?? operationName;
  if (operation === undefined) throw notImplemented(service, operationName);
  const { requestId } = seen;
  const context = { accessKeyId, region, requestId, signal, accountId: options.accountId };
  const caller = () => callerOf(context, options);
  const struck = { service, operation: operation.name, region, signal, caller };
  const fate = await strikeRequest(struck, options);
  if (fate.kind === "failed") {
    seen.fault = fate.fault;
    throw fate.error;
  }
  if (fate.kind === "cut" && fate.when === "before") return cutOff;
  const input = decode();
  checkRequired(service, operation.input, input);
  await checkConstraints(service, operation.input, input);
  const output = await options.call<Record<string, unknown>>(
    service,
    operation.name,
    input,
    context,
  );
  const response = protocol.encodeOutput(model, operation, output, requestId);
  return fate.kind === "cut" ? { ...response, cut: fate.when } : response;
}

/** Most services speak one protocol; those that spoke query first go by the request. */
function protocolOf(request: WireRequest, model: ServiceModel): Protocol {
  if (!model.queryCompatible) return protocols[model.protocol];
  if (header(request, "smithy-protocol") === "rpc-v2-cbor") return cborProtocol;
  return header(request, "x-amz-target") === undefined ? queryProtocol : json10Protocol;
}

/** The connection breaks before the operation begins. */
const cutOff: WireResponse = { status: 500, headers: {}, body: "", cut: "before" };

async function callerOf(context: CallContext, { call }: DispatchOptions): Promise<string> {
  const { Arn = "" } = await call<{ readonly Arn?: string }>(
    "sts",
    "GetCallerIdentity",
    {},
    context,
  );
  return Arn;
}

/** Other forms of a signature are for links, which any page may make up. */
function isSignedInHeader(request: WireRequest): boolean {
  return header(request, "authorization") !== undefined;
}

function unwrapChunks(request: WireRequest): WireRequest {
  const chunked = header(request, "x-amz-content-sha256")?.startsWith("STREAMING-") === true;
  if (!chunked) return request;
  const { body, trailers } = decodeAwsChunked(request.body);
  const encoding = (header(request, "content-encoding") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "aws-chunked" && name !== "")
    .join(",");
  const headers = { ...request.headers, ...trailers, "content-length": String(body.length) };
  if (encoding === "") delete headers["content-encoding"];
  else headers["content-encoding"] = encoding;
  return { ...request, body, headers };
}

/** A clear answer where AWS would do something that the local target does not. */
export function notImplemented(service: string, operation: string): ServiceError {
  const message = `The lmi local target does not implement ${operation} of ${service}`;
  return new ServiceError("NotImplemented", message, { status: 501 });
}

function asServiceError(error: unknown, options: DispatchOptions): ServiceError {
  if (error instanceof ServiceError) return error;
  // What happened goes to the log; its text may name paths and must not reach a client.
  options.log(`internal failure: ${(error as Error).stack ?? String(error)}`);
  return new ServiceError("InternalFailure", "The lmi local target failed; its log says why", {
    status: 500,
  });
}

/** Services that speak JSON say "Exception" after these codes: MissingAuthenticationTokenException. */
function inWordsOf(protocol: Protocol, error: unknown): unknown {
  const isJson = protocol === jsonProtocol || protocol === restJsonProtocol;
  if (!(error instanceof ServiceError) || !isJson || error.code.endsWith("Exception")) return error;
  const options = error.status === undefined ? {} : { status: error.status };
  return new ServiceError(`${error.code}Exception`, error.message, options);
}

/** Without a service there is no model to say the protocol; the request's own form does. */
function guessProtocol(request: WireRequest): Protocol {
  if (header(request, "x-amz-target") !== undefined) return jsonProtocol;
  if (header(request, "content-type")?.startsWith("application/x-www-form-urlencoded"))
    return queryProtocol;
  if (/^\/20\d\d-\d\d-\d\d\//.test(request.path)) return restJsonProtocol;
  return restXmlProtocol;
}
