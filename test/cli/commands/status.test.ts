import { expect, test } from "vitest";

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
      template: async () => undefined,
      resources: async () => [],
      events: async () => events,
    },
    functions: {
      find: async (name, qualifier) =>
        name === "lost" || (name === "other" && qualifier !== undefined)
          ? undefined
          : functionStateOf(
              name === "asleep" ? { state: "Deactivated" } : { lastUpdateStatus: "InProgress" },
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
      system: recordingSystem({ cwd }),
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
  expect(reporter.results).toMatchObject([{ next: "lmi resume" }]);
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
