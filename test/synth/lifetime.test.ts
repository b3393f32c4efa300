import { expect, test } from "vitest";
import { checkSettings } from "../../src/synth/rules.ts";
import { settingsSchema } from "../../src/synth/settings-schema.ts";
import { expiryAfter, ttlMinutes } from "../../src/synth/ttl.ts";
import { settingsOf } from "./reference-settings.ts";
import { ofType, properties, templateOf } from "./template.ts";

const schedule = {
  pause: "cron(0 20 ? * MON-FRI *)",
  resume: "cron(0 7 ? * MON-FRI *)",
  timezone: "Europe/Berlin",
};

/** The input of a schedule, with references as `<Name>`. */
function inputOf(template: Awaited<ReturnType<typeof templateOf>>, id: string): unknown {
  const target = properties(template, id)["Target"] as { readonly Input: unknown };
  return JSON.parse(textOf(target.Input)) as unknown;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const node = value as Readonly<Record<string, unknown>>;
  const join = node["Fn::Join"] as [string, unknown[]] | undefined;
  if (join) return join[1].map(textOf).join("");
  const get = node["Fn::GetAtt"] as string[] | undefined;
  return `<${get ? get.join(".") : String(node["Ref"] ?? node["Fn::Sub"])}>`;
}

test("a schedule scales every function to zero and back to what its settings say", async () => {
  const template = await templateOf({
    schedule,
    functions: { api: {}, batch: { minEnvironments: 1, maxEnvironments: 5 } },
  });
  const schedules = ofType(template, "AWS::Scheduler::Schedule");
  expect(schedules.map(([id]) => id).toSorted()).toEqual([
    "ApiLambdaPauseSchedule",
    "ApiLambdaResumeSchedule",
    "BatchLambdaPauseSchedule",
    "BatchLambdaResumeSchedule",
  ]);
  expect(properties(template, "BatchLambdaPauseSchedule")).toMatchObject({
    ScheduleExpression: schedule.pause,
    ScheduleExpressionTimezone: "Europe/Berlin",
    FlexibleTimeWindow: { Mode: "OFF" },
  });
  expect(inputOf(template, "BatchLambdaPauseSchedule")).toEqual({
    FunctionName: "<BatchLambda>",
    Qualifier: "$LATEST.PUBLISHED",
    FunctionScalingConfig: { MinExecutionEnvironments: 0, MaxExecutionEnvironments: 0 },
  });
  expect(inputOf(template, "BatchLambdaResumeSchedule")).toMatchObject({
    FunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 5 },
  });
  expect(inputOf(template, "ApiLambdaResumeSchedule")).toMatchObject({
    FunctionScalingConfig: { MinExecutionEnvironments: 3, MaxExecutionEnvironments: 15_000 },
  });
  const [policy] = properties(template, "PauseRole")["Policies"] as {
    readonly PolicyDocument: { readonly Statement: readonly object[] };
  }[];
  expect(policy?.PolicyDocument.Statement).toHaveLength(4);
  expect(JSON.stringify(policy)).not.toContain('"Resource":"*"');
});

test("the version of an alias is paused with the function, and what runs nowhere is left alone", async () => {
  const template = await templateOf({
    schedule,
    functions: {
      api: { aliases: { live: "version" } },
      off: { minEnvironments: 0, maxEnvironments: 0 },
    },
  });
  const [versionId = ""] = ofType(template, "AWS::Lambda::Version")[0] ?? [];
  expect(inputOf(template, "ApiLambdaVersionPauseSchedule")).toMatchObject({
    Qualifier: `<${versionId}.Version>`,
  });
  expect(ofType(template, "AWS::Scheduler::Schedule")).toHaveLength(4);
});

test("a time to live is a schedule that deletes this stack with the bootstrap's role", async () => {
  const template = await templateOf({ ttl: "4h" });
  expect(await templateOf({ ttl: "9d" })).toEqual(template);
  expect(template["Parameters"]).toMatchObject({ ExpiresAt: { Type: "String" } });
  expect(template.Outputs?.["ExpiresAt"]).toMatchObject({ Value: { Ref: "ExpiresAt" } });
  expect(textOf(properties(template, "ExpirySchedule")["StartDate"])).toBe("<ExpiresAt>.000Z");
  const role =
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-hnb659fds-cfn-exec-role-${AWS::AccountId}-${AWS::Region}";
  expect(inputOf(template, "ExpirySchedule")).toEqual({
    StackName: "<AWS::StackId>",
    RoleARN: `<${role}>`,
  });
  const [policy] = properties(template, "ExpiryRole")["Policies"] as {
    readonly PolicyDocument: { readonly Statement: readonly object[] };
  }[];
  expect(policy?.PolicyDocument.Statement).toEqual([
    {
      Effect: "Allow",
      Action: "cloudformation:DeleteStack",
      Resource: { Ref: "AWS::StackId" },
    },
    {
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: { "Fn::Sub": role },
      Condition: { StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" } },
    },
  ]);
});

test("without either there is nothing of the kind", async () => {
  const template = await templateOf();
  expect(ofType(template, "AWS::Scheduler::Schedule")).toEqual([]);
  expect(Object.keys(Object(template["Parameters"]) as object)).toEqual(["BootstrapVersion"]);
});

test.each([
  ["15m", 15],
  ["4h", 240],
  ["30d", 43_200],
  ["720h", 43_200],
  ["14m", undefined],
  ["31d", undefined],
  ["0h", undefined],
  ["4", undefined],
  ["4 h", undefined],
  ["1.5h", undefined],
])("%s is a time to live of %s minutes", (text, minutes) => {
  expect(ttlMinutes(text)).toBe(minutes);
  expect(settingsSchema.safeParse({ ttl: text }).success).toBe(minutes !== undefined);
});

test("a time to live begins when it is deployed", () => {
  expect(expiryAfter("4h", new Date("2026-11-26T22:00:00.500Z"))).toBe("2026-11-27T02:00:00");
});

const codesOf = (given: object) =>
  checkSettings(settingsOf({ schedule: given })).map(({ code, severity }) => `${severity} ${code}`);

test.each([
  [schedule, []],
  [{ resume: schedule.resume }, []],
  [{ pause: schedule.pause }, ["warning pause-schedule-one-way"]],
  [{ timezone: "Europe/Berlin" }, ["error pause-schedule-empty"]],
  [{ ...schedule, pause: "cron(0 25 ? * MON-FRI *)" }, ["error pause-schedule-expression"]],
  [{ ...schedule, resume: "cron(0 7 * * MON-FRI *)" }, ["error pause-schedule-expression"]],
  [{ ...schedule, resume: "at(2027-02-30T07:00:00)" }, ["error pause-schedule-expression"]],
  [{ ...schedule, pause: "cron(0 20 30 2 ? *)" }, ["warning pause-schedule-doubt"]],
])("%j: %j", (given, codes) => {
  expect(codesOf(given)).toEqual(codes);
});

test.each([{ pause: "rate(1 day)" }, { ...schedule, timezone: "Mars/X" }])(
  "the schedule %j is refused",
  (given) => {
    expect(settingsSchema.safeParse({ schedule: given }).success).toBe(false);
  },
);
