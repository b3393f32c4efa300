import { beforeEach, expect, it } from "vitest";
import type { Properties } from "../../../../src/local/cloudformation/resource-type.ts";
import {
  schedule,
  scheduleGroup,
} from "../../../../src/local/cloudformation/resource-types/scheduler.ts";
import { createSchedulerService } from "../../../../src/local/services/scheduler/service.ts";
import { manualClock } from "../../../helpers/manual-clock.ts";
import {
  type Answer,
  inProcessTarget,
  type InProcessTarget,
} from "../../services/in-process-target.ts";
import { resourceContext } from "./resource-context.ts";

let local: InProcessTarget;
beforeEach(() => {
  local = inProcessTarget([createSchedulerService], { clock: manualClock() });
});

const contextOf = (logicalId: string) => resourceContext(local, logicalId);

const properties: Properties = {
  ScheduleExpression: "cron(0 8 * * ? *)",
  FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: "15" },
  Target: {
    Arn: "arn:aws:lambda:eu-west-1:000000000000:function:f",
    RoleArn: "arn:aws:iam::000000000000:role/r",
    RetryPolicy: { MaximumRetryAttempts: "3" },
  },
};
const look = (Name: string, more = {}): Promise<Answer> =>
  local.call("scheduler", "GetSchedule", { Name, ...more });

it("makes a schedule once, also when it is repeated after a restart", async () => {
  const first = await schedule.create(properties, contextOf("S"));
  expect(await schedule.create(properties, contextOf("S"))).toEqual(first);
  const Arn = "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/stack-S";
  expect(first).toEqual({ physicalId: "stack-S", attributes: { Arn } });
  expect(await look("stack-S")).toMatchObject({
    Arn,
    State: "ENABLED",
    FlexibleTimeWindow: { MaximumWindowInMinutes: 15 },
    Target: { RetryPolicy: { MaximumRetryAttempts: 3 } },
  });
});

it("gives back what a template no longer says, and moves a schedule to another group", async () => {
  const rich = { ...properties, Description: "d", StartDate: "2027-01-01T00:00:00Z" };
  await schedule.create(rich, contextOf("S"));
  expect(await look("stack-S")).toMatchObject({ Description: "d" });
  await schedule.update("stack-S", properties, rich, contextOf("S"));
  expect(await look("stack-S")).not.toHaveProperty("Description");
  expect(await look("stack-S")).not.toHaveProperty("StartDate");

  const { physicalId: GroupName, attributes } = await scheduleGroup.create({}, contextOf("G"));
  expect(attributes).toMatchObject({ State: "ACTIVE" });
  const grouped = { ...properties, GroupName };
  await schedule.update("stack-S", grouped, properties, contextOf("S"));
  expect(await look("stack-S", { GroupName })).toMatchObject({ GroupName });
  await expect(look("stack-S")).rejects.toMatchObject({ code: "ResourceNotFoundException" });
});

it("deletes what is gone already without an error", async () => {
  const gone = [
    schedule.delete("gone", properties, contextOf("S")),
    scheduleGroup.delete("gone", {}, contextOf("G")),
  ];
  expect(await Promise.all(gone)).toEqual([undefined, undefined]);
});
