import { eventFaults } from "./event-faults.ts";
import { type Fault, value } from "./fault.ts";

const own = "functions.<f>";
const layer = "arn:aws:lambda:us-east-1:000000000000:layer:tools:1";

/** One wrong value of the first function. */
const single = (area: string, key: string, ...wrong: readonly unknown[]): Fault[] =>
  value(`function ${area}`, `${own}.${key}`, ...wrong);

/** Memory, ratio and concurrency together, of which `at` is told. */
const size = (settings: Readonly<Record<string, unknown>>, at: string): Fault => ({
  area: "capacity",
  puts: [
    ...["memory", "memoryPerVCpu", "concurrency"].map(
      (key) => [`${own}.${key}`, settings[key]] as const,
    ),
    // On a provider with room for it.
    [`${own}.capacityProvider`, undefined],
    ["capacity", { maxVCpu: 15_000 }],
  ],
  at: `${own}.${at}`,
});

const limits = (minEnvironments: unknown, maxEnvironments: unknown, at: string): Fault => ({
  area: "function limits",
  puts: [
    [`${own}.minEnvironments`, minEnvironments],
    [`${own}.maxEnvironments`, maxEnvironments],
  ],
  at: `${own}.${at}`,
});

const code = (runtime: unknown, entry: unknown, at: string): Fault => ({
  area: "function code",
  puts: [
    [`${own}.runtime`, runtime],
    [`${own}.entry`, entry],
    [`${own}.handler`, undefined],
    ["allowUnsupportedRuntime", undefined],
  ],
  at: `${own}.${at}`,
});

const variables = (environment: unknown, at: string): Fault => ({
  area: "function environment",
  puts: [[`${own}.environment`, environment]],
  at: `${own}.environment${at}`,
});

/** One variable that stands for a parameter or a secret. */
const referenced = (TABLE: unknown, at = ""): Fault => variables({ TABLE }, `.TABLE${at}`);

const asyncInvoke = (settings: unknown, at = ""): Fault => ({
  area: "function async",
  puts: [[`${own}.asyncInvoke`, settings]],
  at: `${own}.asyncInvoke${at}`,
});

const aliases = (named: unknown, at = ""): Fault => ({
  area: "function aliases",
  puts: [[`${own}.aliases`, named]],
  at: `${own}.aliases${at}`,
});

const destination = (service: string, name: string) =>
  `arn:aws:${service}:us-east-1:000000000000:${name}`;

const functionUrl = (url: unknown, at: string): Fault => ({
  area: "function url",
  puts: [[`${own}.url`, url]],
  at: `${own}.url${at}`,
});

export const functionFaults: readonly Fault[] = [
  size({ memory: 1024 }, "memory"),
  size({ memory: 2049 }, "memory"),
  size({ memory: 40_000 }, "memory"),
  size({ memory: 6144, memoryPerVCpu: 4 }, "memory"),
  size({ memoryPerVCpu: 4 }, "memory"),
  size({ memoryPerVCpu: 3 }, "memoryPerVCpu"),
  size({ concurrency: 0 }, "concurrency"),
  size({ concurrency: 65 }, "concurrency"),
  size({ memory: 32_768, concurrency: 1025 }, "concurrency"),
  size({ memory: 32_768, concurrency: 1601 }, "concurrency"),
  limits(2, undefined, "maxEnvironments"),
  limits(undefined, 2, "minEnvironments"),
  limits(3, 2, "minEnvironments"),
  limits(0, 2, "minEnvironments"),
  limits(-1, 2, "minEnvironments"),
  limits(1, 15_001, "maxEnvironments"),
  code("nodejs20.x", "src/handler.ts", "runtime"),
  code("python3.12", "build", "runtime"),
  code("ruby3.4", "build", "runtime"),
  code("python3.14", "src/handler.ts", "entry"),
  code("nodejs24.x", "", "entry"),
  {
    area: "function code",
    puts: [[`${own}.handler`, "two words"]],
    at: `${own}.handler`,
  },
  variables({ "9lives": "x" }, ".9lives"),
  variables({ X: "x" }, ".X"),
  variables({ AWS_REGION: "us-east-1" }, ".AWS_REGION"),
  variables({ _HANDLER: "x" }, "._HANDLER"),
  variables({ AWS_LAMBDA_FUNCTION_NAME: "x" }, ".AWS_LAMBDA_FUNCTION_NAME"),
  variables({ PLENTY: "x".repeat(4096) }, ""),
  variables({ COUNT: 1 }, ".COUNT"),
  variables({ TABLE: "{{resolve:ssm-secure:/shop/table:1}}" }, ".TABLE"),
  ...[null, {}, [], { ssm: 1 }, { key: "x" }].map((wrong) => referenced(wrong)),
  referenced({ ssm: "/shop/table", secret: "shop/db" }),
  referenced({ secret: "shop/db", versionStage: "A", versionId: "b" }),
  referenced({ ssm: "a b" }, ".ssm"),
  referenced({ ssm: "/shop/table", version: 0 }, ".version"),
  referenced({ secret: "two words" }, ".secret"),
  referenced({ secret: "shop/db", key: "a:b" }, ".key"),
  referenced({ secret: "shop/db", version: 1 }, ".version"),
  // The visibility timeout of queues rests on it.
  ...value("function events", `${own}.timeout`, 0, 901, 1.5, "30"),
  ...eventFaults,
  ...[{}, [], "off", null].map((wrong) => asyncInvoke(wrong)),
  ...[59, 21_601, "60"].map((maxEventAge) => asyncInvoke({ maxEventAge }, ".maxEventAge")),
  ...[-1, 3].map((retryAttempts) => asyncInvoke({ retryAttempts }, ".retryAttempts")),
  ...["onSuccess", "onFailure"].flatMap((key) =>
    [
      "done",
      destination("sqs", "done.fifo"),
      destination("sns", "done.fifo"),
      destination("kinesis", "stream/done"),
    ].map((arn) => asyncInvoke({ [key]: arn }, `.${key}`)),
  ),
  asyncInvoke({ onSuccess: "arn:aws:s3:::done" }, ".onSuccess"),
  asyncInvoke({ retries: 1 }, ".retries"),
  ...["1", "two words", "", "x".repeat(129)].map((name) =>
    aliases({ [name]: "version" }, `.${name}`),
  ),
  ...["$LATEST", 1, null].map((live) => aliases({ live }, ".live")),
  ...[[], "live"].map((wrong) => aliases(wrong)),
  ...single("build", "build", "", 1, ["make"]),
  ...single("storage", "ephemeralStorage", 511, 10_241, null),
  ...single("retention", "logRetention", 2, 31, "30"),
  ...single("level", "logLevel", "info", "NONE"),
  ...single("system level", "systemLogLevel", "ERROR", "TRACE"),
  ...single("tracing", "tracing", "Active"),
  ...single(
    "layers",
    "layers",
    Array.from({ length: 6 }, () => layer),
    layer,
  ),
  { area: "function layers", puts: [[`${own}.layers`, ["tools:1"]]], at: `${own}.layers.0` },
  { area: "function policies", puts: [[`${own}.policies`, ["Admin"]]], at: `${own}.policies.0` },
  {
    area: "function policies",
    puts: [[`${own}.policies`, [{ Effect: "Maybe", Action: "*", Resource: "*" }]]],
    at: `${own}.policies.0`,
  },
  ...single("dead letters", "deadLetterArn", "failed", "arn:aws:s3:::failed"),
  ...single("key", "kmsKeyArn", "alias/own", 1),
  functionUrl({ auth: "all" }, ".auth"),
  functionUrl({ stream: "yes" }, ".stream"),
  functionUrl({ cors: { maxAge: -1 } }, ".cors.maxAge"),
  functionUrl({ cors: { origins: ["*"] } }, ".cors.origins"),
  functionUrl(true, ""),
  ...single("bundle", "bundle.format", "umd"),
  ...single("bundle", "bundle.minify", 1),
  ...single("memroy", "memroy", 4096),
  // A function on a provider that does not exist takes no part in rules of providers.
  {
    area: "capacity",
    puts: [[`${own}.capacityProvider`, "nowhere"]],
    at: `${own}.capacityProvider`,
  },
  ...value("function names", "functions.two words", {}),
  ...value("function names", `functions.${"x".repeat(65)}`, {}),
  { area: "functions", puts: [["functions", {}]], at: "functions" },
];
