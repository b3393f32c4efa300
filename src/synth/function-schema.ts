import { z } from "zod";
import { asyncInvoke } from "./async-schema.ts";
import { environment } from "./environment-schema.ts";
import { events } from "./events/event-schema.ts";
import { arn, kmsKeyArn, matching, retention, whole } from "./setting-values.ts";

const bundle = z
  .strictObject({
    format: z
      .enum(["esm", "cjs"])
      .optional()
      .describe("Module format. Default: esm, but cjs for .cjs and .cts entries."),
    minify: z
      .boolean()
      .default(false)
      .describe("Makes the code smaller and stack traces harder to read."),
    sourceMap: z
      .boolean()
      .default(true)
      .describe("Adds a source map, and NODE_OPTIONS=--enable-source-maps."),
  })
  .describe("How TypeScript and JavaScript are bundled.");

const actions = z
  .union([z.string(), z.array(z.string()).min(1)], { error: "must be a string or a list of them" })
  .optional();

/** A managed policy's ARN, or an IAM statement with the words of IAM. */
const policy = z.union(
  [
    arn(/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]+$/, "arn:aws:iam::aws:policy/Name"),
    z.strictObject({
      Sid: z.string().optional(),
      Effect: z.enum(["Allow", "Deny"]).default("Allow"),
      Action: actions,
      NotAction: actions,
      Resource: actions,
      NotResource: actions,
      Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    }),
  ],
  { error: "must be the ARN of a managed policy, or an IAM statement (Effect, Action, Resource)" },
);

const url = z.strictObject({
  auth: z
    .enum(["iam", "none"])
    .default("iam")
    .describe("Who may call it: callers with IAM permissions, or everybody (none)."),
  stream: z.boolean().default(false).describe("Answers as a stream."),
  cors: z
    .strictObject({
      allowOrigins: z.array(z.string()).optional().describe("Origins, or * for all."),
      allowMethods: z.array(z.string()).optional().describe("HTTP methods, or * for all."),
      allowHeaders: z.array(z.string()).optional().describe("Request headers."),
      exposeHeaders: z.array(z.string()).optional().describe("Response headers that pages see."),
      allowCredentials: z.boolean().optional().describe("Whether cookies may be sent."),
      maxAge: whole(0, 86_400).optional().describe("Seconds that browsers remember this."),
    })
    .optional()
    .describe("Which web pages may call it, in Lambda's words."),
});

export const functionSettings = z
  .strictObject({
    entry: z
      .string()
      .min(1, { error: "must be a path" })
      .default("src/handler.ts")
      .describe(
        "TypeScript or JavaScript source, or a ready-made folder, .zip, .jar or executable called bootstrap; relative to the settings file.",
      ),
    build: z
      .string()
      .min(1, { error: "must be a command" })
      .optional()
      .describe(
        "Command that makes the entry, run in the folder of the settings file before each deploy, diff and synth, with LMI_RUNTIME and LMI_ARCH; never by validate and cost.",
      ),
    handler: matching(
      /^[^\s.]+(\.[^\s.]+)*$/,
      "must be the name of an export, or file.export such as index.handler",
    )
      .optional()
      .describe(
        "Exported function. Default: handler; index.handler for a ready-made folder or .zip.",
      ),
    runtime: z
      .string()
      .default("nodejs24.x")
      .describe("Lambda runtime that supports Managed Instances."),
    capacityProvider: z
      .string()
      .optional()
      .describe("Name of one of capacityProviders to run on. Default: the one of capacity."),
    memory: whole(2048, 32_768)
      .default(2048)
      .describe(
        "MB of one execution environment, 2048 to 32768; a multiple of 1024 × memoryPerVCpu.",
      ),
    memoryPerVCpu: z
      .union([z.literal(2), z.literal(4), z.literal(8)], { error: "must be 2, 4 or 8" })
      .default(2)
      .describe("GiB of memory for each vCPU: 2 (like C instances), 4 (M) or 8 (R)."),
    concurrency: whole(1, 1600)
      .optional()
      .describe(
        "Requests that one execution environment serves at once, up to 64 per vCPU. Default: Lambda's for the runtime.",
      ),
    minEnvironments: whole(0, 15_000)
      .optional()
      .describe("Execution environments that always run. Lambda's default: 3."),
    maxEnvironments: whole(0, 15_000)
      .optional()
      .describe("Execution environments at most; goes with minEnvironments."),
    timeout: whole(1, 900).default(30).describe("Seconds that one request may take."),
    ephemeralStorage: whole(512, 10_240)
      .default(512)
      .describe("MB of /tmp, shared by all requests of an environment."),
    environment: environment
      .default({})
      .describe(
        "Environment variables: text, or where CloudFormation finds it while it deploys, an SSM parameter or a secret.",
      ),
    logRetention: retention,
    logLevel: z
      .enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"])
      .optional()
      .describe("Least level of the function's own log lines. Lambda's default: INFO."),
    systemLogLevel: z
      .enum(["DEBUG", "INFO", "WARN"])
      .optional()
      .describe("Least level of Lambda's lines about the function. Lambda's default: INFO."),
    tracing: z.boolean().default(false).describe("Sends traces to AWS X-Ray."),
    layers: z
      .array(
        arn(
          /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+:\d+$/,
          "arn:aws:lambda:us-east-1:123456789012:layer:tools:3",
        ),
      )
      .max(5, { error: "must be at most 5 layers" })
      .default([])
      .describe("Layer versions, up to 5."),
    policies: z
      .array(policy)
      .default([])
      .describe(
        "What the function may do besides writing its log: ARNs of managed policies, or IAM statements.",
      ),
    deadLetterArn: arn(
      /^arn:aws[a-z-]*:(sqs|sns):[a-z0-9-]+:\d{12}:[\w.-]+$/,
      "arn:aws:sqs:us-east-1:123456789012:failed",
    )
      .optional()
      .describe("SQS queue or SNS topic for asynchronous requests that failed for good."),
    asyncInvoke: asyncInvoke
      .optional()
      .describe("How asynchronous requests (lmi invoke --async, events) are treated."),
    aliases: z
      .record(
        matching(
          /^(?!\d+$)[a-zA-Z0-9_-]{1,128}$/,
          "must be 1 to 128 letters, digits, - and _, not digits alone",
        ),
        z.enum(["$LATEST.PUBLISHED", "version"], {
          error: "must be $LATEST.PUBLISHED (in quotes in a shell) or version",
        }),
      )
      .default({})
      .describe(
        "Aliases by name: $LATEST.PUBLISHED, what is deployed; or version, a numbered version with environments, and costs, of its own.",
      ),
    kmsKeyArn: kmsKeyArn.optional().describe("Key of the environment variables."),
    url: url.optional().describe("A URL of the function's own (function URL)."),
    events,
    bundle: bundle.prefault({}),
  })
  .describe("A function.");
