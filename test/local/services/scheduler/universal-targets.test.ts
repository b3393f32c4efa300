import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import type { Service } from "../../../../src/local/service.ts";
import { ServiceError } from "../../../../src/local/service-error.ts";
import { startTestTarget, type TestTargetOptions } from "../../../helpers/local-target.ts";
import { jumpClock } from "../lambda/jump-clock.ts";
import { manualClock } from "../../../helpers/manual-clock.ts";

const RoleArn = "arn:aws:iam::000000000000:role/scheduler";
const hour = 3_600_000;

async function startScheduler(options: TestTargetOptions = {}) {
  const clock = manualClock();
  const logged: string[] = [];
  const log = (line: string) => void logged.push(line);
  const target = await startTestTarget({ clock, log, ...options });
  const client = target.client(SchedulerClient);
  const create = (
    Target: Partial<CreateScheduleCommandInput["Target"]>,
    settings: Partial<CreateScheduleCommandInput> = {},
  ) =>
    client.send(
      new CreateScheduleCommand({
        Name: "s",
        ScheduleExpression: "at(2026-11-25T13:00:00)",
        FlexibleTimeWindow: { Mode: "OFF" },
        ...settings,
        Target: { Arn: undefined, RoleArn, ...Target },
      }),
    );
  return { target, create, clock, logged };
}

function lambdaThat(put: (input: object) => object): TestTargetOptions {
  const lambda: Service = {
    name: "lambda",
    operations: { PutFunctionScalingConfig: async (input: object) => put(input) },
  };
  return { services: { lambda: async () => () => lambda } };
}

test.each(["putFunctionScalingConfig", "PutFunctionScalingConfig"])(
  "%s: Lambda is asked with the schedule's input at its time, and again while it is busy",
  async (action) => {
    const asked: { readonly input: object; readonly at: string }[] = [];
    const { create, clock } = await startScheduler(
      lambdaThat((input) => {
        asked.push({ input, at: clock.now().toISOString().slice(11, 19) });
        if (asked.length < 3) throw new ServiceError("ResourceConflictException", "busy");
        return {};
      }),
    );
    const input = {
      FunctionName: "hello",
      Qualifier: "$LATEST.PUBLISHED",
      FunctionScalingConfig: { MinExecutionEnvironments: 0, MaxExecutionEnvironments: 0 },
    };
    const Arn = `arn:aws:scheduler:::aws-sdk:lambda:${action}`;
    await create({ Arn, Input: JSON.stringify(input) });
    await clock.advance(2 * hour);
    expect(asked).toEqual(["13:00:00", "13:00:01", "13:00:03"].map((at) => ({ at, input })));
  },
);

test("a stack is deleted at its time, with the schedule that is part of it", async () => {
  const clock = jumpClock();
  const target = await startTestTarget({ clock });
  const cloudFormation = target.client(CloudFormationClient);
  const Target = {
    Arn: "arn:aws:scheduler:::aws-sdk:cloudformation:deleteStack",
    RoleArn,
    Input: { "Fn::Sub": '{"StackName":"${AWS::StackId}"}' },
  };
  const Properties = {
    ScheduleExpression: "at(2026-11-25T13:00:00)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target,
  };
  const TemplateBody = JSON.stringify({
    Resources: { Expiry: { Type: "AWS::Scheduler::Schedule", Properties } },
  });
  await cloudFormation.send(new CreateStackCommand({ StackName: "short", TemplateBody }));
  const status = async () => {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: "short" }));
    return Stacks?.[0]?.StackStatus;
  };
  await expect.poll(status).toBe("CREATE_COMPLETE");
  await expect.poll(() => clock.sleeps()).toContain(hour);
  clock.jump(hour);
  await expect.poll(() => status().catch(String)).toContain("does not exist");
  const { Schedules } = await target.client(SchedulerClient).send(new ListSchedulesCommand({}));
  expect(Schedules).toEqual([]);
});

test("what is refused for good goes to the dead-letter queue", async () => {
  const { target, create, clock } = await startScheduler(
    lambdaThat(() => {
      throw new ServiceError("ResourceNotFoundException", "no such function");
    }),
  );
  const queues = target.client(SQSClient);
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: "dead" }));
  await create({
    Arn: "arn:aws:scheduler:::aws-sdk:lambda:putFunctionScalingConfig",
    Input: '{"FunctionName":"gone"}',
    DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:000000000000:dead" },
  });
  await clock.advance(2 * hour);
  const { Messages } = await queues.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }),
  );
  expect(Messages).toMatchObject([
    {
      Body: '{"FunctionName":"gone"}',
      MessageAttributes: { ERROR_CODE: { StringValue: "ResourceNotFoundException" } },
    },
  ]);
});

test.each([
  ["of a service that is not called here", "arn:aws:scheduler:::aws-sdk:rds:stopDBInstance", "{}"],
  ["that does not exist", "arn:aws:scheduler:::aws-sdk:lambda:doNothing", "{}"],
  ["without JSON", "arn:aws:scheduler:::aws-sdk:lambda:putFunctionScalingConfig", "hello"],
])("an action %s is logged, once", async (_, Arn, Input) => {
  const { create, clock, logged } = await startScheduler(lambdaThat(() => ({})));
  await create({ Arn, Input });
  await clock.advance(2 * hour);
  expect(logged.filter((line) => line.includes(Arn))).toHaveLength(1);
});

test("an action that only reads is refused", async () => {
  const { create } = await startScheduler();
  await expect(
    create({ Arn: "arn:aws:scheduler:::aws-sdk:lambda:getFunction", Input: "{}" }),
  ).rejects.toMatchObject({ name: "ValidationException" });
});
