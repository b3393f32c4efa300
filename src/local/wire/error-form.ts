import type { ServiceError } from "../service-error.ts";
import { toJson } from "./json-codec.ts";
import type { ErrorModel, ServiceModel } from "./shape.ts";

/** An error as the model knows it: its status, its code on the wire and its members. */
export interface ErrorForm {
  readonly model: ErrorModel | undefined;
  readonly status: number;
  readonly fault: "client" | "server";
}

export function errorForm(service: ServiceModel | undefined, error: ServiceError): ErrorForm {
  const model = service?.errors.get(error.code);
  const status = error.status ?? model?.status ?? 400;
  return { model, status, fault: status >= 500 ? "server" : "client" };
}

/**
 * The code under which clients of the query protocol know the error, for services that spoke it first (Smithy
 * specification, awsQueryCompatible).
 */
export function queryErrorHeader(
  service: ServiceModel | undefined,
  form: ErrorForm,
  error: ServiceError,
): Record<string, string> {
  if (!service?.queryCompatible) return {};
  const fault = form.fault === "client" ? "Sender" : "Receiver";
  return { "x-amzn-query-error": `${form.model?.queryCode ?? error.code};${fault}` };
}

/** The error's members as JSON, with the message under the name that the error's shape gives it, or as `message`. */
export function errorMembers(form: ErrorForm, error: ServiceError): Record<string, unknown> {
  const shape = form.model?.shape;
  const messageName =
    shape?.members.find(({ name }) => name.toLowerCase() === "message")?.name ?? "message";
  if (shape === undefined) return { ...error.members, [messageName]: error.message };
  const members = toJson(shape, { ...error.members, [messageName]: error.message });
  return { [messageName]: error.message, ...(members as Record<string, unknown>) };
}
