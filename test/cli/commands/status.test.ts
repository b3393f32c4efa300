import { expect, test } from "vitest";

import { dashboard } from "../../../src/cli/commands/status/dashboard.ts";
import type { Status } from "../../../src/cli/commands/status/model.ts";
import { runStatus, type StatusOptions } from "../../../src/cli/commands/status.ts";
import { LmiError } from "../../../src/errors.ts";
import type { ManagedInstance, StackEvent, StackState } from "../../../src/aws/ports.ts";
import { functionStateOf, recordingAws, stackOf } from "../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { stackEvent } from "../../deploy/fake-aws.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";

const options = {
  ...sharedDefaults(),
  watch: false,
  interval: undefined,
  color: true,
};
const providerArn = "arn:aws:lambda:us-east-1:123456789012:capacity-provider:cp";

const oneInstance = async (): Promise<ManagedInstance[]> => [
  {
    instanceId: "i-1",
    instanceType: "m7i.xlarge",
    availabilityZone: "us-east-1a",
    state: "running",
    launchTime: undefined,
  },
];

async function status(
  stack: StackState | undefined,
  instances = oneInstance,
  given: Partial<StatusOptions> = {},
  events: readonly StackEvent[] = [],
  { template, isTerminal = false }: { template?: string; isTerminal?: boolean } = {},
) {
  const cwd = await temporaryFolder({ "lmi.json": '{"name":"hello"}' });
  const reporter = new RecordingReporter();
  const asked: string[] = [];
  const aws = recordingAws({
    stacks: {
      find: async (name) => {
        asked.push(name);
        return stack;
      },
      template: async () => template,
      resources: async () => [],
      events: async () => events,
    },
    functions: {
      find: async (name, qualifier) =>
        name === "lost" || (name === "other" && qualifier !== undefined)
          ? undefined
          : functionStateOf(
              name === "asleep" || name === "none"
                ? { state: "Deactivated" }
                : { lastUpdateStatus: "InProgress" },
            ),
    },
    versions: { ofCapacityProvider: async () => [], aliases: async () => [] },
    capacityProviders: {
      properties: async () => ({}),
      find: async (arn) => ({
        name: "cp",
        arn,
        state: "Active",
        maxVCpuCount: 30,
        architecture: "x86_64",
        subnetIds: [],
      }),
    },
    instances: {
      ofCapacityProvider: instances,
    },
  });
  const error = await runStatus(
    { ...options, ...given },
    {
      system: recordingSystem({ cwd, stdoutIsTerminal: isTerminal }),
      reporter,
      aws: async () => aws,
    },
  ).catch((thrown: unknown) => thrown);
  return { reporter, error, asked };
}

test("tells of stack, provider, versions and instances", async () => {
  const outputs = { FunctionName: "fn", CapacityProviderArn: providerArn };
  const { reporter, error, asked } = await status(stackOf({ outputs }));
  expect(error).toBeUndefined();
  expect(asked).toEqual(["lmi-hello"]);
  expect(reporter.results).toMatchObject([
    {
      account: "123456789012",
      region: "us-east-1",
      capacityProvider: { arn: providerArn, state: "Active" },
      functions: [{ name: "fn", published: { state: "Active", lastUpdateStatus: "InProgress" } }],
      instances: [{ instanceId: "i-1" }],
    },
  ]);
  const text = reporter.rendered.join("");
  for (const fact of [
    "lmi-hello  CREATE_COMPLETE",
    "at most 30 vCPUs",
    "last update InProgress",
    "i-1",
  ]) {
    expect(text).toContain(fact);
  }
});

async function denied(): Promise<never> {
  throw new LmiError("LMI_ACCESS_DENIED", "No.");
}

test("needs no permission to look at instances, and says that it has none", async () => {
  const outputs = { FunctionName: "fn", CapacityProviderArn: providerArn };
  const { reporter, error } = await status(stackOf({ outputs }), denied);
  expect(error).toBeUndefined();
  expect(reporter.results).toMatchObject([{ instances: undefined, functions: [{ name: "fn" }] }]);
  expect(reporter.rendered.join("")).toContain("ec2:DescribeInstances is not allowed");
});

test("says what is paused, and when a throw-away stack goes", async () => {
  const outputs = { FunctionName: "asleep", ExpiresAt: "2026-11-23T15:30:00" };
  const { reporter } = await status(stackOf({ outputs }));
  const text = reporter.rendered.join("");
  expect(text).toContain("Goes       on 2026-11-23 at 15:30 UTC (in 3 h 30 min)");
  expect(text).toContain("paused: it answers no requests until it is resumed");
  expect(text).toContain("Paused     asleep: no request is answered until it is resumed");
  expect(reporter.results).toMatchObject([
    {
      next: "lmi resume",
      expires: new Date("2026-11-23T15:30:00Z"),
      pause: { functions: ["asleep"], next: [] },
    },
  ]);
});

const scheduled = (hour: number) => ({
  Type: "AWS::Scheduler::Schedule",
  Properties: {
    ScheduleExpression: `cron(0 ${hour} ? * MON-FRI *)`,
    ScheduleExpressionTimezone: "Europe/Berlin",
    Target: { Arn: "arn:aws:scheduler:::aws-sdk:lambda:putFunctionScalingConfig" },
  },
});

test("a schedule is told with what it does next, and until when it pauses, also on the dashboard", async () => {
  const template = JSON.stringify({
    Resources: {
      AsleepPauseSchedule: scheduled(20),
      AsleepResumeSchedule: scheduled(7),
      Never: {
        Type: "AWS::Lambda::Function",
        Properties: {
          FunctionName: "none",
          FunctionScalingConfig: { MaxExecutionEnvironments: 0 },
        },
      },
    },
  });
  const outputs = {
    FunctionNameA: "asleep",
    FunctionNameB: "none",
    ExpiresAt: "2026-11-23T15:30:00",
  };
  const { reporter } = await status(stackOf({ outputs }), oneInstance, {}, [], { template });
  const [told] = reporter.results as Status[];
  expect(told?.pause).toEqual({
    functions: ["asleep"],
    next: [
      { kind: "pause", time: new Date("2026-11-23T19:00:00Z"), timezone: "Europe/Berlin" },
      { kind: "resume", time: new Date("2026-11-24T06:00:00Z"), timezone: "Europe/Berlin" },
    ],
  });
  const rows = [
    "Goes       on 2026-11-23 at 15:30 UTC (in 3 h 30 min)",
    "Paused     asleep: no request is answered until Tue 2026-11-24 07:00 (Europe/Berlin)",
    "Schedule   pauses Mon 2026-11-23 20:00, resumes Tue 2026-11-24 07:00 (Europe/Berlin)",
  ];
  const plain = reporter.rendered.join("").split("\n");
  expect(plain).toEqual(expect.arrayContaining(rows));
  const screen = drawn(told, 120);
  expect(screen).toEqual(expect.arrayContaining(rows));
});

function drawn(told: Status | undefined, columns: number): string[] {
  if (told === undefined) return [];
  const frame = { columns, rows: 200, scroll: 0, interval: 2000, local: false, problem: undefined };
  return dashboard(told, frame).map((line) =>
    line.map((span) => (typeof span === "string" ? span : span.text)).join(""),
  );
}

test.each([40, 80, 200])("of %s columns nothing is cut, and nothing overflows", async (columns) => {
  const statusReason = `VcpuLimitExceeded: ${"You have requested more vCPU capacity. ".repeat(8)}`;
  const failed = { logicalId: "Fn", type: "AWS::Lambda::Function", status: "UPDATE_FAILED" };
  const state = "UPDATE_ROLLBACK_COMPLETE";
  const events = [
    stackEvent({ logicalId: "lmi-hello", status: state }),
    { ...stackEvent(failed), statusReason },
  ];
  const outputs = {
    FunctionName: "fn",
    CapacityProviderArn: providerArn,
    FunctionUrl: `https://${"u".repeat(60)}.lambda-url.us-east-1.on.aws/`,
  };
  const stack = stackOf({ status: state, outputs, stackName: `lmi-${"long-".repeat(6)}name` });
  const onTerminal = { isTerminal: true };
  const { reporter } = await status(stack, oneInstance, {}, events, onTerminal);
  const screen = drawn((reporter.results as Status[])[0], columns);
  expect(screen.filter((line) => line.length > columns - 1)).toEqual([]);
  expect(screen.join("").replaceAll(" ", "")).toContain(statusReason.trim().replaceAll(" ", ""));
  const rendered = reporter.rendered.join("").split("\n");
  const own = rendered.filter((line) => !/^(URL|Next) /.test(line));
  expect(own.filter((line) => line.length > 79)).toEqual([]);
  expect(own.filter((line) => /^ {13}\S/.test(line)).length).toBeGreaterThan(3);
});

test("finds every function of a stack with several", async () => {
  const outputs = { FunctionNameOther: "other", FunctionNameMain: "fn", FunctionArnMain: "x" };
  const { reporter } = await status(stackOf({ outputs }));
  expect(reporter.results).toMatchObject([
    {
      capacityProvider: undefined,
      functions: [{ name: "fn" }, { name: "other", published: undefined }],
    },
  ]);
});

test("no stack: account and region are said, and it is exit 1", async () => {
  const { error } = await status(undefined);
  expect(error).toMatchObject({
    code: "LMI_STACK_NOT_FOUND",
    exitCode: 1,
    message: "There is no stack lmi-hello in account 123456789012, region us-east-1.",
    next: "lmi deploy   (or look elsewhere, with --region, --profile or --local)",
  });
});

test.each([
  ["UPDATE_COMPLETE", "lost  not there: deleted outside of the stack"],
  ["DELETE_FAILED", "lost  gone"],
])("of a function that %s has and Lambda has not, says so", async (state, said) => {
  const outputs = { FunctionNameA: "lost", FunctionNameB: "other" };
  const { reporter } = await status(stackOf({ status: state, outputs }));
  expect(reporter.results).toMatchObject([
    { functions: [{ gone: true }, { name: "other", gone: false, published: undefined }] },
  ]);
  const text = reporter.rendered.join("");
  expect(text).toContain(said);
  expect(text).toContain("other  nothing published");
});

test.each([
  ["ROLLBACK_COMPLETE", "lmi deploy --local   (clears the failed stack away and makes it anew)"],
  ["DELETE_FAILED", "lmi destroy --local   (goes on from here)"],
  ["UPDATE_IN_PROGRESS", "lmi deploy --local --attach   (waits for it)"],
  [
    "UPDATE_ROLLBACK_FAILED",
    "aws cloudformation continue-update-rollback --stack-name lmi-hello --region us-east-1 && lmi deploy --local",
  ],
  ["UPDATE_COMPLETE", undefined],
])("%s is told with what helps", async (state, next) => {
  const statusReason = "The following resource(s) failed to create: [Function]. ";
  const stack = stackOf({ status: state, statusReason });
  const { reporter } = await status(stack, oneInstance, { local: true });
  expect(reporter.results).toMatchObject([{ next }]);
  const lines = reporter.rendered.join("").split("\n");
  expect(lines.filter((line) => line.startsWith("Next"))).toEqual(
    next === undefined ? [] : [`Next       ${next}`],
  );
  expect(lines).toContain("           The following resource(s) failed to create: [Function].");
});

test("a failed update is told with the event that began it, and what explains it", async () => {
  const state = "UPDATE_ROLLBACK_COMPLETE";
  const statusReason = 'Resource handler returned message: "VcpuLimitExceeded: no more"';
  const failed = { logicalId: "Fn", type: "AWS::Lambda::Function", status: "UPDATE_FAILED" };
  const events = [
    stackEvent({ logicalId: "lmi-hello", status: state }),
    { ...stackEvent(failed), statusReason },
  ];
  const { reporter } = await status(stackOf({ status: state }), oneInstance, {}, events);
  const failures = [
    { logicalId: "Fn", reason: "VcpuLimitExceeded: no more", code: "LMI_EC2_QUOTA" },
  ];
  expect(reporter.results).toMatchObject([{ trouble: { failures } }]);
  const text = reporter.rendered.join("");
  expect(text).toContain("the last good version goes on answering");
  expect(text).toMatch(
    /^Failed .* UTC {2}Fn UPDATE_FAILED: VcpuLimitExceeded: no more {2}\(lmi explain LMI_EC2_QUOTA\)$/m,
  );
  expect(text).toMatch(/^Next +lmi deploy --attach {3}\(explains what failed\)$/m);
});

test("shows the URL of each function that has one", async () => {
  const outputs = {
    FunctionNameA: "fn",
    FunctionUrlA: "http://fn.lambda-url.us-east-1.localhost/",
    FunctionNameB: "two",
  };
  const { reporter } = await status(stackOf({ outputs }));
  const lines = reporter.rendered.join("").split("\n");
  const urls = lines.filter((line) => line.startsWith("URL"));
  expect(urls).toEqual(["URL        http://fn.lambda-url.us-east-1.localhost/"]);
  expect(lines.indexOf(urls[0] ?? "")).toBeLessThan(
    lines.findIndex((line) => line.startsWith("Function   two")),
  );
});
