import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import type { InvocationRequest } from "@aws-sdk/client-lambda";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Service } from "../../../../src/local/service.ts";
import { ServiceError } from "../../../../src/local/service-error.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";
import { manualClock } from "../../../helpers/manual-clock.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
const Target = { Arn: functionArn, RoleArn: "arn:aws:iam::000000000000:role/scheduler" };
const minute = 60_000;

interface Options {
  readonly refuse?: () => boolean;
  readonly stateDir?: string;
  readonly clock?: ReturnType<typeof manualClock>;
  readonly manual?: boolean;
}

/** A target whose Lambda writes down what it is asked, at which minute of the hour. */
async function startScheduler({
  refuse = () => false,
  clock = manualClock(),
  ...options
}: Options = {}) {
  const came: { readonly at: string; readonly type: unknown; readonly event: unknown }[] = [];
  const logged: string[] = [];
  const lambda: Service = {
    name: "lambda",
    operations: {
      Invoke: async ({ FunctionName, InvocationType, Payload }: InvocationRequest) => {
        expect(FunctionName).toBe(functionArn);
        if (refuse()) throw new ServiceError("TooManyRequestsException", "not now");
        came.push({
          at: clock.now().toISOString().slice(11, 19),
          type: InvocationType,
          event: JSON.parse(Buffer.from(Payload ?? "").toString()) as unknown,
        });
        return { StatusCode: 202 };
      },
    },
  };
  const target = await startTestTarget({
    clock,
    random: () => 0.5,
    log: (line) => logged.push(line),
    services: { lambda: async () => () => lambda },
    ...options,
  });
  const client = target.client(SchedulerClient);
  const create = (settings: Partial<CreateScheduleCommandInput>) =>
    client.send(
      new CreateScheduleCommand({
        Name: "s",
        ScheduleExpression: "rate(5 minutes)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target,
        ...settings,
      }),
    );
  return { target, client, create, clock, came, logged, times: () => came.map(({ at }) => at) };
}

test("a rate comes at once and then at its pace, and calls the function asynchronously", async () => {
  const { create, clock, times, came } = await startScheduler();
  await create({ Target: { ...Target, Input: '{"job":"<aws.scheduler.scheduled-time>"}' } });
  await clock.advance(11 * minute);
  expect(times()).toEqual(["12:00:00", "12:05:00", "12:10:00"]);
  expect(came[1]).toMatchObject({ type: "Event", event: { job: "2026-11-25T12:05:00Z" } });
});

test("without an input the function gets Scheduler's own event", async () => {
  const { create, clock, came } = await startScheduler();
  await create({
    ScheduleExpression: "cron(30 14 * * ? *)",
    ScheduleExpressionTimezone: "Europe/Berlin",
  });
  await clock.advance(2 * 60 * minute);
  expect(came).toEqual([
    {
      at: "13:30:00",
      type: "Event",
      event: {
        version: "0",
        id: expect.any(String),
        "detail-type": "Scheduled Event",
        source: "aws.scheduler",
        account: "000000000000",
        time: "2026-11-25T13:30:00Z",
        region: "us-east-1",
        resources: ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/s"],
        detail: "{}",
      },
    },
  ]);
});

test("a flexible window moves it within the window", async () => {
  const { create, clock, times } = await startScheduler();
  await create({
    ScheduleExpression: "cron(0 13 * * ? *)",
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 30 },
  });
  await clock.advance(2 * 60 * minute);
  expect(times()).toEqual(["13:15:00"]);
});

test("what changes holds at once, and what is disabled or deleted comes no more", async () => {
  const { create, client, clock, times } = await startScheduler();
  await create({ ScheduleExpression: "cron(10 * * * ? *)" });
  const changed = { Name: "s", FlexibleTimeWindow: { Mode: "OFF" }, Target } as const;
  await client.send(
    new UpdateScheduleCommand({ ...changed, ScheduleExpression: "cron(20 * * * ? *)" }),
  );
  await clock.advance(30 * minute);
  expect(times()).toEqual(["12:20:00"]);
  await client.send(
    new UpdateScheduleCommand({
      ...changed,
      ScheduleExpression: "cron(40 * * * ? *)",
      State: "DISABLED",
    }),
  );
  await clock.advance(30 * minute);
  await client.send(new DeleteScheduleCommand({ Name: "s" }));
  await clock.advance(24 * 60 * minute);
  expect(times()).toEqual(["12:20:00"]);
});

test("a schedule that comes once goes when it is done, where it says so", async () => {
  const { create, client, clock, times } = await startScheduler();
  await create({ ScheduleExpression: "at(2026-11-25T12:30:00)", ActionAfterCompletion: "DELETE" });
  await clock.advance(60 * minute);
  expect(times()).toEqual(["12:30:00"]);
  expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
});

test("what Lambda refuses is tried again as often as the schedule says, then lost and told", async () => {
  let refusals = 0;
  const { create, clock, times, logged } = await startScheduler({ refuse: () => ++refusals < 3 });
  await create({ ScheduleExpression: "at(2026-11-25T12:30:00)" });
  await clock.advance(60 * minute);
  expect(times()).toEqual(["12:30:03"]);
  refusals = -10;
  await create({
    Name: "strict",
    ScheduleExpression: "at(2026-11-25T13:30:00)",
    Target: { ...Target, RetryPolicy: { MaximumRetryAttempts: 1 } },
  });
  await clock.advance(60 * minute);
  expect(times()).toEqual(["12:30:03"]);
  expect(refusals).toBe(-8);
  expect(logged).toContainEqual(expect.stringMatching(/strict lost an event .*: TooMany/));
});

test("a restart goes on with what comes next, not with what has been", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "lmi-scheduler-"));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  const clock = manualClock();
  const before = await startScheduler({ stateDir, clock, manual: true });
  await before.create({ ScheduleExpression: "rate(10 minutes)" });
  await clock.advance(12 * minute);
  expect(before.times()).toEqual(["12:00:00", "12:10:00"]);
  await before.target.close();
  await clock.advance(33 * minute);
  const after = await startScheduler({ stateDir, clock });
  await clock.advance(20 * minute);
  expect(after.times()).toEqual(["12:50:00", "13:00:00"]);
});

test("a start of more than five minutes ago is refused, but for one that was given before", async () => {
  const { client, create, clock } = await startScheduler();
  const ago = (minutes: number) => new Date(clock.now().getTime() - minutes * minute);
  await expect(create({ StartDate: ago(6) })).rejects.toMatchObject({
    name: "ValidationException",
    message: "The StartDate you specify cannot be earlier than 5 minutes ago.",
  });
  const StartDate = ago(4);
  await create({ Name: "s", StartDate });
  await clock.advance(10 * minute);
  const update = (start: Date) =>
    client.send(
      new UpdateScheduleCommand({
        Name: "s",
        StartDate: start,
        ScheduleExpression: "rate(1 hour)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target,
      }),
    );
  await expect(update(StartDate)).resolves.toHaveProperty("ScheduleArn");
  await expect(update(ago(6))).rejects.toMatchObject({ name: "ValidationException" });
});
