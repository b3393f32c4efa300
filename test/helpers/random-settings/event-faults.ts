import type { Fault } from "./fault.ts";

const own = "functions.<f>";
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:us-east-1:000000000000:${resource}`;

type Values = Readonly<Record<string, unknown>>;

/** Each kind as it is right, with the least that it needs. */
const kinds = {
  sqs: { arn: arn("sqs", "orders") },
  dynamodb: {
    arn: arn("dynamodb", "table/orders/stream/2026-11-25T09:00:00.000"),
    startingPosition: "LATEST",
  },
  kinesis: { arn: arn("kinesis", "stream/clicks"), startingPosition: "LATEST" },
  msk: { arn: arn("kafka", "cluster/events/0123-1"), topic: "orders", startingPosition: "LATEST" },
  kafka: {
    bootstrapServers: ["broker:9092"],
    topic: "orders",
    startingPosition: "LATEST",
    vpc: { subnetIds: ["subnet-00000001"], securityGroupIds: ["sg-00000001"] },
  },
  schedule: { expression: "rate(5 minutes)" },
  rule: { pattern: { source: ["aws.ec2"] } },
  s3: { bucketName: "orders" },
  sns: { arn: arn("sns", "orders") },
  http: {},
} satisfies Record<string, Values>;

type Kind = keyof typeof kinds;

/** A second source beside a right one, so that the place in the list is told, too. */
const event = (type: Kind, changes: Values, at: string): Fault => {
  const right = type === "http" ? { type: "sns", ...kinds.sns } : { type: "http" };
  return {
    area: "function events",
    family: `events of ${type}`,
    puts: [[`${own}.events`, [right, { type, ...kinds[type], ...changes }]]],
    at: `${own}.events.1${at}`,
  };
};

/** Wrong values of one setting of a kind. */
const values = (type: Kind, key: string, ...wrong: readonly unknown[]): Fault[] =>
  wrong.map((value) => event(type, { [key]: value }, `.${key}`));

const list = (events: unknown, at: string): Fault => ({
  area: "function events",
  puts: [[`${own}.events`, events]],
  at: `${own}.events${at}`,
});

const polled = (["sqs", "dynamodb", "kinesis", "msk", "kafka"] as const).flatMap((type) => [
  ...values(type, "batchSize", 0, 10_001, 1.5, "10"),
  ...values(type, "batchWindow", -1, 301),
  ...values(type, "enabled", "yes"),
  ...values(type, "reportBatchItemFailures", 1),
  ...values(type, "kmsKeyArn", "alias/own"),
  ...values(
    type,
    "filters",
    {},
    Array.from({ length: 11 }, () => ({ a: ["b"] })),
  ),
  event(type, { filters: ["a"] }, ".filters.0"),
  event(type, { filters: [{ a: ["x".repeat(4096)] }] }, ".filters.0"),
  event(type, { colour: "red" }, ".colour"),
]);

const retried = (["dynamodb", "kinesis", "msk", "kafka"] as const).flatMap((type) => [
  ...values(type, "startingPosition", "NOW", undefined),
  ...values(type, "bisectOnError", "no"),
  ...values(type, "retryAttempts", -2, 10_001),
  ...values(type, "maxRecordAge", 59, 604_801, 0),
  ...values(type, "onFailure", arn("lambda", "function:f"), arn("sqs", "failed.fifo"), "failed"),
]);

const streams = (["dynamodb", "kinesis"] as const).flatMap((type) => [
  ...values(type, "arn", arn("sqs", "orders"), "orders", undefined),
  ...values(type, "tumblingWindow", -1, 901),
  ...values(type, "parallelization", 0, 11),
]);

const timed = (["kinesis", "msk", "kafka"] as const).flatMap((type) => [
  event(type, { startingPosition: "AT_TIMESTAMP" }, ".startingTimestamp"),
  event(type, { startingTimestamp: "2026-11-25T09:00:00Z" }, ".startingTimestamp"),
  ...values(type, "startingTimestamp", "yesterday"),
]);

const queues: readonly Fault[] = [
  ...values("sqs", "arn", arn("sns", "orders"), arn("sqs", "two words"), 1),
  ...values("sqs", "batchSize", 11),
  event("sqs", { batchSize: 11, batchWindow: 0 }, ".batchSize"),
  event("sqs", { arn: arn("sqs", "orders.fifo"), batchSize: 11 }, ".batchSize"),
  event("sqs", { arn: arn("sqs", "orders.fifo"), batchWindow: 1 }, ".batchWindow"),
  event("sqs", { arn: undefined, fifo: true, batchSize: 11 }, ".batchSize"),
  event("sqs", { arn: undefined, fifo: true, batchWindow: 1 }, ".batchWindow"),
  event("sqs", { arn: undefined, queueName: "orders.fifo" }, ".queueName"),
  ...values("sqs", "queueName", "other"),
  ...values("sqs", "fifo", true, "yes"),
  ...values("sqs", "visibilityTimeout", 900, 43_201),
  ...values("sqs", "maxReceiveCount", 3, 0, 1001),
  ...values("sqs", "maximumConcurrency", 1, 1001),
  event("sqs", { maximumConcurrency: 2, pollers: { minimum: 2 } }, ".maximumConcurrency"),
  event("sqs", { pollers: { minimum: 3, maximum: 2 } }, ".pollers.minimum"),
  event("sqs", { pollers: { minimum: 1 } }, ".pollers.minimum"),
  event("sqs", { pollers: { maximum: 10_001 } }, ".pollers.maximum"),
  {
    area: "function events",
    puts: [
      [`${own}.timeout`, 60],
      [`${own}.events`, [{ type: "sqs", visibilityTimeout: 59 }]],
    ],
    at: `${own}.events.0.visibilityTimeout`,
  },
];

const topics = (["msk", "kafka"] as const).flatMap((type) => [
  ...values(type, "topic", "two words", ".orders", undefined),
  ...values(type, "consumerGroup", "two words", ""),
  event(type, { pollers: { minimum: 3, maximum: 2 } }, ".pollers.minimum"),
  event(type, { pollers: { maximum: 2001 } }, ".pollers.maximum"),
  event(type, { pollers: { group: "two words" } }, ".pollers.group"),
  event(
    type,
    { auth: { type: "IAM", secretArn: arn("secretsmanager", "secret:k") } },
    ".auth.type",
  ),
  event(
    type,
    { auth: { type: "SASL_SCRAM_512_AUTH", secretArn: arn("ssm", "parameter/k") } },
    ".auth.secretArn",
  ),
]);

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, () => `${prefix}-00000001`);
const kafkaVpc = (subnets: readonly string[], groups: readonly string[], at: string) =>
  event("kafka", { vpc: { subnetIds: subnets, securityGroupIds: groups } }, `.vpc.${at}`);

const clusters: readonly Fault[] = [
  ...values(
    "msk",
    "arn",
    arn("kinesis", "stream/clicks"),
    arn("kafka", "cluster/events"),
    undefined,
  ),
  ...values(
    "kafka",
    "bootstrapServers",
    [],
    Array.from({ length: 11 }, () => "broker:9092"),
    undefined,
  ),
  event("kafka", { bootstrapServers: ["broker"] }, ".bootstrapServers.0"),
  ...values("kafka", "serverCaSecretArn", "ca"),
  event("kafka", { vpc: undefined }, ""),
  kafkaVpc([], ids("sg", 1), "subnetIds"),
  kafkaVpc(ids("subnet", 17), ids("sg", 1), "subnetIds"),
  kafkaVpc(["net"], ids("sg", 1), "subnetIds.0"),
  kafkaVpc(ids("subnet", 1), [], "securityGroupIds"),
  kafkaVpc(ids("subnet", 1), ids("sg", 6), "securityGroupIds"),
];

const expressions = [
  "5 minutes",
  "rate(0 minutes)",
  "rate(5 seconds)",
  "rate(1.5 hours)",
  "cron(0 8 * * *)",
  "cron(60 8 ? * MON-FRI *)",
  "cron(0 24 ? * MON-FRI *)",
  "cron(0 8 32 * ? *)",
  "cron(0 8 * * * *)",
  "cron(0 8 ? * ? *)",
  "cron(0 8 ? * FUN *)",
  "cron(0 8 ? 13 MON *)",
  "cron(0 8 ? * MON 1969)",
  "at(2027-02-30T08:00:00)",
  "at(2027-01-31)",
  "",
];

const timers: readonly Fault[] = [
  ...values("schedule", "expression", ...expressions, undefined),
  ...values("schedule", "timezone", "Mars/Olympus", ""),
  ...values("schedule", "flexibleWindow", 0, 1441),
  ...values("rule", "pattern", {}, { source: "aws.ec2" }, { source: [] }, [], "all", undefined),
  ...values("rule", "pattern", { detail: { state: 1 } }, { a: ["x".repeat(4096)] }),
  ...values("rule", "bus", arn("sqs", "orders"), "two words"),
  ...values("rule", "inputPath", "detail"),
  event("rule", { input: { a: 1 }, inputPath: "$.detail" }, ".inputPath"),
  ...(["schedule", "rule"] as const).flatMap((type) => [
    ...values(type, "name", "two words", "x".repeat(41)),
    ...values(type, "retries", -1, 186),
    ...values(type, "maxAge", 59, 86_401),
    ...values(type, "deadLetterArn", arn("sns", "failed"), "failed"),
    ...values(type, "input", "x".repeat(1024 * 1024)),
    ...values(type, "enabled", 0),
  ]),
];

const stores: readonly Fault[] = [
  ...values("s3", "bucketName", "Orders", "a", "a..b", "xn--orders", "x".repeat(64)),
  event("s3", { bucketName: undefined, bucket: "Orders" }, ".bucket"),
  event("s3", { bucket: "shop" }, ".bucketName"),
  ...values("s3", "eventBridge", true, "on"),
  ...values("s3", "kinds", [], "created"),
  event("s3", { kinds: ["created", "moved"] }, ".kinds.1"),
  ...values("s3", "prefix", "", "x".repeat(1025)),
  ...values("s3", "suffix", ""),
  ...values("sns", "arn", arn("sqs", "orders"), arn("sns", "orders.fifo")),
  ...values("sns", "topicName", "other", "two words"),
  event("sns", { arn: undefined, topicName: "two words" }, ".topicName"),
  ...values("sns", "kmsKeyArn", arn("kms", "alias/own"), "own"),
  ...values("sns", "filter", "all"),
  ...values("sns", "filterScope", "body", "header"),
  ...values("sns", "deadLetterArn", arn("sns", "failed")),
];

const routes = ["GET orders", "get /orders", "FETCH /orders", "/orders", "GET /two words", ""];
const paths = ["GET /a//b", "GET /{a+}/b", "GET /a{b}", "GET /{a}/{a}", "GET /{}"];

const apis: readonly Fault[] = [
  ...[...routes, ...paths].map((route) =>
    event("http", { routes: ["GET /right", route] }, ".routes.1"),
  ),
  event("http", { routes: ["GET /a", "GET /a"] }, ".routes.1"),
  ...values("http", "routes", [], "GET /"),
  ...values("http", "auth", "all"),
  ...values("http", "stage", "two words"),
  ...values("http", "name", "two words"),
  event("http", { cors: { allowOrigins: [] } }, ".cors.allowOrigins"),
  event("http", { cors: { allowOrigins: ["*"], allowCredentials: true } }, ".cors.allowOrigins"),
  event("http", { cors: { maxAge: 86_401 } }, ".cors.maxAge"),
  event("http", { cors: { origins: ["*"] } }, ".cors.origins"),
];

const twice = Object.entries(kinds).map(([type, right]) =>
  list(
    [
      { type, ...right },
      { type: "http", name: "other" },
      { type, ...right },
    ],
    ".2",
  ),
);

export const eventFaults: readonly Fault[] = [
  ...polled,
  ...retried,
  ...streams,
  ...timed,
  ...queues,
  ...topics,
  ...clusters,
  ...timers,
  ...stores,
  ...apis,
  ...twice,
  list({}, ""),
  list("sqs", ""),
  list(["sqs"], ".0"),
  list([{}], ".0.type"),
  list([{ type: "queue" }], ".0.type"),
];
