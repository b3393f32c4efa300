import { HttpError } from "./http-error.ts";
import { createOrder, findProduct, listProducts } from "./products.ts";
import { route } from "./router.ts";

// One process serves many requests at once on Lambda Managed Instances. The routes and products are made once and never
// changed afterwards, so requests may share them; what belongs to one request stays in variables of the functions.
const answer = route({
  "GET /products": () => listProducts(),
  "GET /products/{id}": ({ parameters }) => findProduct(parameters["id"] ?? ""),
  "POST /orders": ({ body }) => createOrder(body),
});

/** What this function reads of a function URL's event. An event from elsewhere may lack all of it. */
interface UrlEvent {
  readonly rawPath?: string;
  readonly requestContext?: { readonly http: { readonly method: string } };
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

export const handler = async (event: UrlEvent) => {
  const method = event.requestContext?.http.method ?? "GET";
  const path = event.rawPath ?? "/";
  try {
    const { status, value } = await answer({ method, path, body: bodyOf(event) });
    return json(status, value);
  } catch (error) {
    if (error instanceof HttpError) return json(error.status, { error: error.message });
    console.error("not answered", { method, path, error });
    return json(500, { error: "Internal error" });
  }
};

function bodyOf({ body = "", isBase64Encoded = false }: UrlEvent): string {
  return isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
}

// The CORS headers come from lmi.json: Lambda adds them, and answers preflight requests itself.
function json(statusCode: number, value: unknown) {
  return {
    statusCode,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  };
}
