import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/synth/rules.ts";
import { type SettingsInput, settingsSchema } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";
import { ofType, properties, templateOf } from "./template.ts";

type FunctionInput = NonNullable<NonNullable<SettingsInput["functions"]>[string]>;
type AsyncInput = NonNullable<FunctionInput["asyncInvoke"]>;
const withAsync = (asyncInvoke: AsyncInput, more: FunctionInput = {}): SettingsInput => ({
  functions: { api: { ...more, asyncInvoke } },
});
const codes = (input: SettingsInput) => checkSettings(settingsOf(input)).map(({ code }) => code);
const queue = "arn:aws:sqs:us-east-1:123456789012:done";
const bucket = "arn:aws:s3:::failed-requests";

describe("asynchronous requests", () => {
  it("have their settings at $LATEST.PUBLISHED", async () => {
    const template = await templateOf(
      withAsync({ onSuccess: queue, onFailure: bucket, maxEventAge: 60, retryAttempts: 0 }),
    );
    expect(properties(template, "ApiLambdaAsyncInvoke")).toEqual({
      FunctionName: { Ref: "ApiLambda" },
      Qualifier: "$LATEST.PUBLISHED",
      DestinationConfig: {
        OnSuccess: { Destination: queue },
        OnFailure: { Destination: bucket },
      },
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    });
  });

  it("need no resource where nothing is asked, and no destinations where only retries are", async () => {
    expect(ofType(await templateOf(), "AWS::Lambda::EventInvokeConfig")).toEqual([]);
    const template = await templateOf(withAsync({ retryAttempts: 1 }));
    expect(properties(template, "ApiLambdaAsyncInvoke")).not.toHaveProperty("DestinationConfig");
    expect(JSON.stringify(properties(template, "ApiLambdaRole"))).not.toContain("Destinations");
  });

  it.each<[string, string, object[]]>([
    ["queue", queue, [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: queue }]],
    [
      "topic",
      "arn:aws:sns:us-east-1:123456789012:done",
      [
        {
          Effect: "Allow",
          Action: "sns:Publish",
          Resource: "arn:aws:sns:us-east-1:123456789012:done",
        },
      ],
    ],
    [
      "function",
      "arn:aws:lambda:us-east-1:123456789012:function:next:live",
      [
        {
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: "arn:aws:lambda:us-east-1:123456789012:function:next:live",
        },
      ],
    ],
    [
      "event bus",
      "arn:aws:events:us-east-1:123456789012:event-bus/default",
      [
        {
          Effect: "Allow",
          Action: "events:PutEvents",
          Resource: "arn:aws:events:us-east-1:123456789012:event-bus/default",
        },
      ],
    ],
    [
      "bucket",
      bucket,
      [
        { Effect: "Allow", Action: "s3:PutObject", Resource: `${bucket}/*` },
        { Effect: "Allow", Action: "s3:ListBucket", Resource: bucket },
      ],
    ],
  ])("let the execution role send to a %s, and no more", async (_kind, arn, statements) => {
    const template = await templateOf(withAsync({ onFailure: arn }));
    const { Policies } = properties(template, "ApiLambdaRole") as {
      Policies: { PolicyName: string; PolicyDocument: { Statement: unknown } }[];
    };
    const own = Policies.find(({ PolicyName }) => PolicyName === "Destinations");
    expect(own?.PolicyDocument.Statement).toEqual(statements);
  });

  it.each<[string, AsyncInput, string]>([
    ["a bucket for what succeeded", { onSuccess: bucket }, "onSuccess"],
    ["a FIFO queue", { onFailure: `${queue}.fifo` }, "onFailure"],
    ["a FIFO topic", { onSuccess: "arn:aws:sns:us-east-1:123456789012:done.fifo" }, "onSuccess"],
    ["a table", { onFailure: "arn:aws:dynamodb:us-east-1:123456789012:table/t" }, "onFailure"],
    ["an age of less than a minute", { maxEventAge: 59 }, "maxEventAge"],
    ["an age of more than six hours", { maxEventAge: 21_601 }, "maxEventAge"],
    ["three retries", { retryAttempts: 3 }, "retryAttempts"],
    ["nothing at all", {}, ""],
  ])("cannot have %s", (_what, asyncInvoke, key) => {
    const parsed = settingsSchema.safeParse(withAsync(asyncInvoke));
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual([
      ["functions", "api", "asyncInvoke", key].filter(Boolean).join("."),
    ]);
  });

  it("warn of a dead-letter queue beside a destination, and of a function that calls itself", () => {
    expect(codes(withAsync({ onFailure: queue }, { deadLetterArn: queue }))).toEqual([
      "async-failure-twice",
    ]);
    expect(codes(withAsync({ onSuccess: queue }, { deadLetterArn: queue }))).toEqual([]);
    const self = "arn:aws:lambda:us-east-1:123456789012:function:api";
    expect(codes(withAsync({ onFailure: self }))).toEqual(["async-destination-self"]);
    expect(codes({ region: "eu-west-1", ...withAsync({ onFailure: self }) })).toEqual([]);
    expect(codes(withAsync({ onFailure: `${self}2` }))).toEqual([]);
  });
});
