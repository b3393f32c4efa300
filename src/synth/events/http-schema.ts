import { z } from "zod";
import { matching, whole } from "../setting-values.ts";
import { sourceName } from "./pushing-schema.ts";

const routeKey = matching(
  /^(?:\$default|(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/\S*)$/,
  'must be like "GET /orders/{id}", "ANY /{path+}" or "$default"',
);
const texts = z.array(z.string().min(1)).min(1).optional();

/** API Gateway developer guide, http-api: its routes, stages and CORS. */
export const httpEvent = () =>
  z
    .strictObject({
      type: z.literal("http").describe("Requests to an HTTP API of API Gateway."),
      name: sourceName.describe("Tells APIs of one function apart, where it has several."),
      routes: z
        .array(routeKey)
        .min(1)
        .default(["$default"])
        .describe(
          'Methods and paths, such as "GET /orders/{id}", "ANY /{path+}". Default: everything ($default).',
        ),
      auth: z
        .enum(["iam", "none"])
        .default("iam")
        .describe("Who may call it: callers with IAM permissions, or everybody (none)."),
      stage: matching(
        /^(?:\$default|[a-zA-Z0-9_-]{1,128})$/,
        "must be $default, or 1 to 128 letters, digits, - and _",
      )
        .default("$default")
        .describe("Stage; another than $default becomes the beginning of the path."),
      cors: z
        .strictObject({
          allowOrigins: texts.describe("Origins, * for all, or all of a scheme such as https://*."),
          allowMethods: texts.describe("HTTP methods, or * for all."),
          allowHeaders: texts.describe("Request headers, or * for all."),
          exposeHeaders: texts.describe("Response headers that pages see."),
          allowCredentials: z.boolean().optional().describe("Whether cookies may be sent."),
          maxAge: whole(-1, 86_400).optional().describe("Seconds that browsers remember this."),
        })
        .optional()
        .describe("Which web pages may call it; API Gateway answers preflights itself."),
    })
    .describe("Requests to an HTTP API of API Gateway.");

export type HttpEvent = z.output<ReturnType<typeof httpEvent>>;
