import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { synthesize } from "../../src/synth/synthesize.ts";
import { pythonProgram } from "../helpers/python.ts";
import { builtFunctions, settingsOf } from "./reference-settings.ts";

interface Validator {
  readonly CompositeEngine: new () => {
    validateTemplate(file: unknown): {
      diagnostics: { severity: string; ruleId: string; message: string }[];
    };
    free(): void;
  };
  readonly TemplateFile: new (file: string) => unknown;
}

const run = promisify(execFile);
const cfnLint = pythonProgram("cfn-lint");
const variants: Readonly<Record<string, SettingsInput>> = {
  reference: {},
  endpoints: { network: { egress: "endpoints", azs: 3 } },
  ipv6: { network: { ipv6: true, azs: 3, natGateways: "each" } },
  ipv6Public: { network: { ipv6: true, egress: "public" } },
  hours: {
    schedule: {
      pause: "cron(0 20 ? * MON-FRI *)",
      resume: "cron(0 7 ? * MON-FRI *)",
      timezone: "Europe/Berlin",
    },
    ttl: "4h",
  },
  public: { network: { egress: "public", azs: 2 }, capacity: { confusedDeputyProtection: true } },
  everything: {
    capacity: {
      scaling: { targetCpu: 70 },
      kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234",
      propagateTags: { team: "shop" },
      logLevel: "WARN",
    },
    functions: {
      api: {
        logLevel: "DEBUG",
        systemLogLevel: "WARN",
        tracing: true,
        layers: ["arn:aws:lambda:us-east-1:123456789012:layer:tools:3"],
        policies: [
          "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
          { Action: "dynamodb:GetItem", Resource: "*" },
        ],
        deadLetterArn: "arn:aws:sqs:us-east-1:123456789012:failed",
        asyncInvoke: {
          onSuccess: "arn:aws:events:us-east-1:123456789012:event-bus/default",
          onFailure: "arn:aws:s3:::failed-requests",
          maxEventAge: 600,
          retryAttempts: 1,
        },
        aliases: { live: "$LATEST.PUBLISHED", stable: "version" },
        environment: {
          PLAIN: "text",
          TABLE: { ssm: "/shop/table" },
          PASSWORD: { secret: "shop/db", key: "password" },
        },
        kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234",
        url: { auth: "none", stream: true, cors: { allowOrigins: ["*"], maxAge: 60 } },
      },
    },
  },
  events: {
    functions: {
      orders: {
        events: [
          {
            type: "sqs",
            batchSize: 100,
            batchWindow: 5,
            filters: [{ body: { kind: ["order"] } }],
            maximumConcurrency: 5,
            reportBatchItemFailures: true,
          },
          { type: "sqs", queueName: "strict", fifo: true },
          {
            type: "sqs",
            arn: "arn:aws:sqs:us-east-1:123456789012:orders",
            pollers: { minimum: 2, maximum: 10 },
            enabled: false,
          },
          {
            type: "dynamodb",
            arn: "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2026-11-25T09:00:00.000",
            startingPosition: "LATEST",
            onFailure: "arn:aws:s3:::failed-orders",
            tumblingWindow: 10,
            maxRecordAge: -1,
          },
          {
            type: "kinesis",
            arn: "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
            startingPosition: "AT_TIMESTAMP",
            startingTimestamp: "2026-11-25T09:00:00Z",
            parallelization: 2,
            bisectOnError: true,
            retryAttempts: 0,
          },
          {
            type: "msk",
            arn: "arn:aws:kafka:us-east-1:123456789012:cluster/events/0123abcd-1",
            topic: "clicks",
            startingPosition: "TRIM_HORIZON",
            consumerGroup: "lmi",
            pollers: { minimum: 1 },
          },
          {
            type: "kafka",
            bootstrapServers: ["b1.example.com:9096"],
            topic: "clicks",
            startingPosition: "LATEST",
            auth: {
              type: "SASL_SCRAM_256_AUTH",
              secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:kafka-a1b2c3",
            },
            vpc: { subnetIds: ["subnet-01234567"], securityGroupIds: ["sg-01234567"] },
          },
        ],
      },
    },
  },
  pushing: {
    functions: {
      orders: {
        events: [
          { type: "schedule", expression: "rate(5 minutes)" },
          {
            type: "schedule",
            name: "nightly",
            expression: "cron(0 2 ? * MON-FRI *)",
            timezone: "Europe/Berlin",
            flexibleWindow: 15,
            input: { job: "report" },
            retries: 3,
            maxAge: 3600,
            deadLetterArn: "arn:aws:sqs:us-east-1:123456789012:failed",
            enabled: false,
          },
          {
            type: "rule",
            pattern: { source: ["aws.ec2"], detail: { state: ["terminated"] } },
            inputPath: "$.detail",
            retries: 3,
            maxAge: 3600,
            deadLetterArn: "arn:aws:sqs:us-east-1:123456789012:failed",
          },
          {
            type: "rule",
            bus: "arn:aws:events:us-east-1:123456789012:event-bus/orders",
            pattern: { source: ["shop"] },
            input: { kind: "order" },
          },
          { type: "s3", prefix: "in/", suffix: ".json", kinds: ["created", "removed"] },
          { type: "s3", bucket: "uploads", prefix: "in/", suffix: ".json" },
          { type: "sns", filter: { kind: ["order"] }, filterScope: "body" },
          {
            type: "sns",
            arn: "arn:aws:sns:us-east-1:123456789012:orders",
            deadLetterArn: "arn:aws:sqs:us-east-1:123456789012:failed",
          },
          { type: "http" },
          {
            type: "http",
            name: "public",
            auth: "none",
            stage: "v1",
            routes: ["GET /orders/{id}", "ANY /{path+}"],
            cors: { allowOrigins: ["https://example.com"], allowMethods: ["GET"], maxAge: 60 },
          },
        ],
      },
    },
  },
  several: {
    functions: {
      api: { concurrency: 8, minEnvironments: 1, maxEnvironments: 2 },
      jobs: { memory: 4096 },
    },
  },
};

let folder: string;
const file = (name: string) => path.join(folder, `${name}.json`);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lmi-template-"));
  for (const [name, input] of Object.entries(variants)) {
    const settings = settingsOf(input);
    const request = { settings, outdir: path.join(folder, name), assets: builtFunctions(settings) };
    const { template } = await synthesize(request);
    await writeFile(file(name), JSON.stringify(template));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("templates", () => {
  // The validator that aws-cdk-lib brings, with the resource schemas of its release.
  it("have no errors or warnings for @aws/cloudformation-validate", () => {
    const cdk = createRequire(import.meta.url).resolve("aws-cdk-lib/package.json");
    const validator = createRequire(cdk)("@aws/cloudformation-validate") as Validator;
    const engine = new validator.CompositeEngine();
    const found = Object.keys(variants).flatMap((name) =>
      engine
        .validateTemplate(new validator.TemplateFile(file(name)))
        .diagnostics.filter(
          ({ severity, ruleId }) =>
            severity.toUpperCase() !== "INFO" &&
            // ARNs of settings are the user's own and stand in the template as they are.
            !["W9002", "W9013"].includes(ruleId),
        )
        .map(({ ruleId, message }) => `${name}: ${ruleId} ${message}`),
    );
    engine.free();
    expect(found).toEqual([]);
  });

  it.skipIf(cfnLint === undefined)("pass cfn-lint", async () => {
    const { stdout } = await run(cfnLint ?? "", [
      "--format",
      "json",
      ...Object.keys(variants).map(file),
    ]).catch((error: { stdout: string }) => error);
    const found = (
      JSON.parse(stdout === "" ? "[]" : stdout) as { Rule: { Id: string }; Message: string }[]
    ).map(({ Rule, Message }) => `${Rule.Id} ${Message}`);
    expect(found).toEqual([]);
  });
});
