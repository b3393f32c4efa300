import { LmiError } from "../../errors.ts";
import type { WireRequest, WireResponse } from "../wire/message.ts";
import type { FaultRule } from "./fault.ts";
import type { Faults } from "./faults.ts";

/** The signing name under which the target itself is told what to do wrong. No service of AWS has it. */
export const controlService = "lmi";

const path = /^\/faults(?:\/(?<id>[^/]+))?$/;

/**
 * `GET /faults` lists, `POST /faults` adds a rule, `DELETE /faults` and `DELETE /faults/<id>` take rules away. The request
 * was signed for `lmi` by then: a web page cannot send it.
 */
export async function control(request: WireRequest, faults: Faults): Promise<WireResponse> {
  const found = path.exec(request.path);
  if (!found) return failure(404, "NotFound", "Nothing is at this path.");
  const id = found.groups?.["id"];
  switch (request.method) {
    case "GET":
      return json(200, { faults: faults.list() });
    case "POST":
      return id === undefined ? add(request, faults) : notAllowed(request);
    case "DELETE":
      return json(200, { removed: id === undefined ? faults.clear() : Number(faults.remove(id)) });
    default:
      return notAllowed(request);
  }
}

async function add(request: WireRequest, faults: Faults): Promise<WireResponse> {
  let rule: unknown;
  try {
    rule = JSON.parse(request.body.toString("utf8"));
  } catch {
    return failure(400, "LMI_FAULT_INVALID", "The body is not JSON.");
  }
  try {
    // Checked by `add` itself.
    return json(201, await faults.add(rule as FaultRule));
  } catch (error) {
    if (!(error instanceof LmiError)) throw error;
    const { code, message, why, next } = error;
    return json(400, { code, message, why, next });
  }
}

function notAllowed({ method }: WireRequest): WireResponse {
  return failure(405, "MethodNotAllowed", `${method} is not possible here.`);
}

function failure(status: number, code: string, message: string): WireResponse {
  return json(status, { code, message });
}

function json(status: number, body: object): WireResponse {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}
