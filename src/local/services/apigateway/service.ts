import type { Service, TargetContext } from "../../service.ts";
import { apiOperations } from "./api-operations.ts";
import { openApis } from "./api-store.ts";
import { HttpApis } from "./http-apis.ts";
import { partOperations } from "./part-operations.ts";

/** API Gateway's second version, as far as HTTP APIs in front of functions need it. */
export function createApiGatewayService(target: TargetContext): Service {
  const apis = openApis(target);
  const served = new HttpApis(target, apis);
  return {
    name: "apigateway",
    operations: { ...apiOperations(target, apis), ...partOperations(target, apis) },
    serveUrl: (request) => served.serve(request),
  };
}
