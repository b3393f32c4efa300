import { describe, expect, it } from "vitest";
import { cronDoubt, cronProblem } from "../../../src/synth/events/cron-problem.ts";
import { settingsSchema } from "../../../src/synth/settings-schema.ts";
import { ofType, properties } from "../template.ts";
import { functionArn, problemsOf, templateWith, withEvents } from "./pushing.ts";

const namedIds = async (expression: string) =>
  ofType(
    await templateWith({ type: "schedule", name: "a", expression }),
    "AWS::Scheduler::Schedule",
  ).map(([id]) => id);

describe("a schedule", () => {
  it("is one of EventBridge Scheduler, and calls the function without a qualifier", async () => {
    const template = await templateWith({
      type: "schedule",
      name: "nightly",
      expression: "cron(0 2 * * ? *)",
      timezone: "Europe/Berlin",
      flexibleWindow: 15,
      input: { job: "report" },
      retries: 3,
      maxAge: 3600,
      deadLetterArn: "arn:aws:sqs:us-east-1:123456789012:failed",
    });
    const [[id, schedule] = []] = ofType(template, "AWS::Scheduler::Schedule");
    expect(id).toMatch(/^OrdersLambdaSchedule[0-9a-f]{6}Schedule$/);
    expect(schedule?.Properties).toEqual({
      ScheduleExpression: "cron(0 2 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
      State: "ENABLED",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
      Target: {
        Arn: functionArn,
        RoleArn: { "Fn::GetAtt": [id?.replace(/Schedule$/, "Role"), "Arn"] },
        Input: '{"job":"report"}',
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:123456789012:failed" },
      },
    });
  });

  it("has a role of its own, for this function and this account's schedules alone", async () => {
    const template = await templateWith({ type: "schedule", expression: "rate(5 minutes)" });
    const [[id] = []] = ofType(template, "AWS::Scheduler::Schedule");
    const role = properties(template, id?.replace(/Schedule$/, "Role") ?? "");
    expect(role).toMatchObject({
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: "scheduler.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          },
        ],
      },
      Policies: [
        {
          PolicyDocument: {
            Statement: [
              { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn },
            ],
          },
        },
      ],
    });
  });

  it("keeps its logical id under its name, whatever its expression", async () => {
    expect(await namedIds("rate(1 hour)")).toEqual(await namedIds("rate(2 hours)"));
  });
});

describe("a schedule that will not do", () => {
  it.each([
    ["rate(0 minutes)", "form"],
    ["every 5 minutes", "form"],
    ["cron(0 8 * * *)", "form"],
    ["at(2027-01-31)", "form"],
  ])("%s has the wrong form", (expression) => {
    const parsed = settingsSchema.safeParse(withEvents([{ type: "schedule", expression }]));
    expect(parsed.error?.issues[0]?.message).toMatch(/must be like rate/);
  });

  it("is refused for a time zone that is none", () => {
    const parsed = settingsSchema.safeParse(
      withEvents([{ type: "schedule", expression: "rate(1 day)", timezone: "Mars/Base" }]),
    );
    expect(parsed.error?.issues[0]?.message).toMatch(/must be a time zone/);
  });

  it.each([
    ["cron(60 8 ? * * *)", "0.expression: has 60 as its minutes, which takes 0 to 59"],
    ["cron(0 8 * * * *)", "0.expression: must have ? as exactly one of its day of month"],
    ["at(2027-02-30T00:00:00)", "0.expression: names no time that there is"],
  ])("%s", (expression, problem) => {
    expect(problemsOf([{ type: "schedule", expression }])).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  it("is refused twice", () => {
    const event = { type: "schedule", expression: "rate(1 day)" } as const;
    expect(problemsOf([event, event])).toEqual(["1: is the same source as events.0"]);
    expect(problemsOf([event, { ...event, input: { second: true } }])).toEqual([]);
  });
});

/** Examples of EventBridge Scheduler's user guide, schedule-types, and what its fields take. */
describe("cron fields", () => {
  it.each([
    "cron(15 10 ? * 6L 2022-2023)",
    "cron(0/15 10 * * ? *)",
    "cron(5,35 14 * * ? *)",
    "cron(0 18 ? * MON-FRI *)",
    "cron(0 8 1 * ? *)",
    "cron(0 9 ? * 2#1 *)",
    "cron(0 9 L * ? *)",
    "cron(0 9 LW * ? *)",
    "cron(0 9 15W * ? *)",
    "cron(0 9 ? JAN,jul sun *)",
    "rate(5 minutes)",
  ])("%s will do", (expression) => {
    expect(cronProblem(expression)).toBeUndefined();
  });

  it.each([
    "cron(* 24 ? * * *)",
    "cron(0 8 32 * ? *)",
    "cron(0 8 ? 13 * *)",
    "cron(0 8 ? FOO * *)",
    "cron(0 8 ? * 0 *)",
    "cron(0 8 ? * 8 *)",
    "cron(0 8 ? * * 1969)",
    "cron(? 8 ? * * *)",
    "cron(0 8 ? * ? *)",
    "cron(1-2-3 8 ? * * *)",
    "cron(0/0 8 ? * * *)",
    "cron(0/5/5 8 ? * * *)",
    "cron(0 8 ? * 9L *)",
    "cron(0 8 ? * 2#6 *)",
    "cron(, 8 ? * * *)",
    "cron(30-10 8 ? * * *)",
    "cron(0 22-6 ? * * *)",
    "cron(0 8 ? NOV-FEB * *)",
    "cron(0 8 ? * * 2030-2028)",
  ])("%s will not", (expression) => {
    expect(cronProblem(expression)).toEqual(expect.any(String));
  });
});

describe("cron fields that may be meant otherwise", () => {
  it.each([
    ["cron(0 8 ? * FRI-MON *)", "write FRI-SAT,SUN-MON"],
    ["cron(0 8 30 2 ? *)", "never comes"],
    ["cron(0 8 31 APR,6 ? *)", "never comes"],
    ["cron(0 8 29 2 ? 2027)", "never comes"],
    ["cron(0 8 ? * * 2025)", "never comes: no such date is left from 2026 on"],
  ])("%s", (expression, doubt) => {
    expect(cronProblem(expression)).toBeUndefined();
    expect(cronDoubt(expression, 2026)).toContain(doubt);
    expect(problemsOf([{ type: "schedule", expression }])).toEqual([
      expect.stringMatching(/^0.expression: (?:has|never)/),
    ]);
  });

  it.each([
    "cron(0 8 29 2 ? *)",
    "cron(0 8 31 4/1 ? *)",
    "cron(0 8 28/1 2 ? *)",
    "cron(0 8 L 2 ? *)",
    "cron(0 8 ? * MON-FRI 2025/1)",
    "rate(1 day)",
  ])("not %s", (expression) => {
    expect(cronDoubt(expression, 2026)).toBeUndefined();
  });
});
