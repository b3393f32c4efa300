import * as fc from "fast-check";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { functionSettings } from "./from-schema.ts";
import { asyncInvoke, reference } from "./references.ts";
import { account, arnOf, kmsKeys, REGION, retention, word } from "./values.ts";

export type FunctionInput = NonNullable<NonNullable<SettingsInput["functions"]>[string]>;

/** Layers that settings may name: `tools-1` to `tools-6`, version 1 of each. */
export const layerNames = [1, 2, 3, 4, 5, 6].map((number) => `tools-${number}`);

/** What runs: runtime, entry and handler belong together. */
const code: fc.Arbitrary<Pick<FunctionInput, "runtime" | "entry" | "handler" | "build">> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        runtime: fc.constantFrom("nodejs24.x", "nodejs22.x"),
        entry: fc
          .tuple(
            fc.constantFrom("src/handler", "src/api.v2", "lib/deep/worker"),
            fc.constantFrom("ts", "mts", "cts", "js", "mjs", "cjs"),
          )
          .map(([name, ending]) => `${name}.${ending}`),
        handler: fc.constantFrom("handler", "main", "index.handler"),
      },
      { requiredKeys: [] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          { runtime: "nodejs24.x", handler: "index.handler" },
          { runtime: "python3.13", handler: "app.handler" },
          { runtime: "python3.14", handler: "app.lambda_handler" },
          { runtime: "java21", handler: "example.Handler::handleRequest" },
          { runtime: "java25", handler: "example.Handler::handleRequest" },
          { runtime: "dotnet8", handler: "Example::Example.Function::Handle" },
          { runtime: "dotnet10", handler: "Example" },
          { runtime: "provided.al2023", handler: "bootstrap" },
        ),
        fc.constantFrom("build", "dist/code.zip"),
        fc.constantFrom({}, {}, { build: "echo built" }),
      )
      .map(([own, entry, build]) => ({ ...own, entry, ...build })),
  },
);

/** Memory in whole vCPUs, and as many requests at once as these take. */
const size: fc.Arbitrary<Pick<FunctionInput, "memory" | "memoryPerVCpu" | "concurrency">> = fc
  .record({
    ratio: fc.constantFrom(undefined, 2 as const, 4 as const, 8 as const),
    many: fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 16 })),
    part: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    plain: fc.boolean(),
  })
  .map(({ ratio, many, part, plain }) => {
    const vCpus = Math.min(many, 32 / (ratio ?? 2));
    const most = Math.min(1600, 64 * vCpus);
    return {
      ...(ratio === undefined ? {} : { memoryPerVCpu: ratio }),
      ...(part === undefined ? {} : { concurrency: Math.max(1, Math.round(part * most)) }),
      // Without memory there are 2048 MB, which suits 2 GiB for each vCPU alone.
      ...(plain && (ratio ?? 2) === 2 && vCpus === 1
        ? {}
        : { memory: vCpus * (ratio ?? 2) * 1024 }),
    };
  });

/** Both limits or neither; 0 and 0 stops the function. */
const limits: fc.Arbitrary<Pick<FunctionInput, "minEnvironments" | "maxEnvironments">> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ minEnvironments: 0, maxEnvironments: 0 }) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.oneof(fc.nat(3), fc.nat(15_000 - 4)))
      .map(([min, more]) => ({ minEnvironments: min, maxEnvironments: min + more })),
  },
);

const names = fc
  .tuple(fc.constantFrom("K", "k", "Key_"), word(20, "_ABC"))
  .map(([first, rest]) => first + rest);
const environment = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.dictionary(
      names,
      fc.oneof({ weight: 3, arbitrary: fc.string({ maxLength: 40 }) }, reference),
      { maxKeys: 4 },
    ),
  },
  { weight: 1, arbitrary: fc.constant({ NODE_OPTIONS: "--enable-source-maps", TZ: "UTC" }) },
);

const actions = fc.constantFrom("s3:GetObject", "dynamodb:*", "sqs:SendMessage", "kinesis:Put*");
const oneOrMore = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof(value, fc.uniqueArray(value, { minLength: 1, maxLength: 3 }));
const resources = fc.constantFrom("*", "arn:aws:s3:::shop/*", "arn:aws:dynamodb:*:*:table/shop");

/** Statements with the words of IAM; each with an action and a resource, or with everything but one. */
const statement = fc
  .tuple(
    fc.record(
      {
        Effect: fc.constantFrom("Allow" as const, "Deny"),
        Condition: fc.constantFrom<Record<string, Record<string, unknown>>>(
          { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
          { Bool: { "aws:SecureTransport": "true" } },
        ),
      },
      { requiredKeys: [] },
    ),
    fc.constantFrom("Action" as const, "NotAction" as const),
    oneOrMore(actions),
    fc.constantFrom("Resource" as const, "NotResource" as const),
    oneOrMore(resources),
  )
  .map(([rest, what, which, on, where]) => ({ ...rest, [what]: which, [on]: where }));

const managed = fc.constantFrom(
  "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
  "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
  "arn:aws:iam::000000000000:policy/shop",
);

const policies = fc
  .tuple(
    fc.uniqueArray(managed, { maxLength: 2 }),
    fc.array(statement, { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([arns, statements, withIds]) => [
    ...arns,
    // Within a policy each id stands once.
    ...statements.map((own, index) => (withIds ? { Sid: `Own${index}`, ...own } : own)),
  ]);

const lists = (...texts: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 3 });

const url = fc.record(
  {
    auth: fc.constantFrom("iam" as const, "none"),
    stream: fc.boolean(),
    cors: fc.record(
      {
        allowOrigins: fc.oneof(
          fc.constant(["*"]),
          lists("https://example.com", "http://localhost:3000", "https://a.example.org"),
        ),
        allowMethods: fc.oneof(fc.constant(["*"] as const), lists("GET", "POST", "PUT", "DELETE")),
        allowHeaders: fc.oneof(fc.constant(["*"]), lists("content-type", "x-token")),
        exposeHeaders: lists("x-request", "date"),
        allowCredentials: fc.boolean(),
        maxAge: fc.integer({ min: 0, max: 86_400 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<NonNullable<FunctionInput["url"]>>;

/** Settings that no rule ties to another one. */
const independent = {
  timeout: fc.integer({ min: 1, max: 900 }),
  ephemeralStorage: fc.integer({ min: 512, max: 10_240 }),
  environment,
  logRetention: retention,
  logLevel: fc.constantFrom("TRACE" as const, "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
  systemLogLevel: fc.constantFrom("DEBUG" as const, "INFO", "WARN"),
  tracing: fc.boolean(),
  layers: fc
    .uniqueArray(fc.constantFrom(...layerNames), { maxLength: 5 })
    .map((all) => all.map((name) => `arn:aws:lambda:${REGION}:${account}:layer:${name}:1`)),
  policies,
  deadLetterArn: fc.oneof(arnOf("sqs", word(20)), arnOf("sns", word(20))),
  asyncInvoke,
  aliases: fc.dictionary(word(20, "_-"), fc.constantFrom("$LATEST.PUBLISHED" as const, "version"), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  kmsKeyArn: kmsKeys,
  url,
  bundle: fc.record(
    {
      format: fc.constantFrom("esm" as const, "cjs"),
      minify: fc.boolean(),
      sourceMap: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
};

/** A function, and on which of the further providers it runs: a number, of which the remainder counts. */
export const randomFunctions = fc
  .tuple(
    code,
    size,
    limits,
    fc.record(independent, { requiredKeys: [] }),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: functionSettings("events") },
    ),
    fc.nat(5),
  )
  .map(([what, how, many, rest, events, on]) => ({
    own: { ...what, ...how, ...many, ...rest, ...events } satisfies FunctionInput,
    on,
  }));
