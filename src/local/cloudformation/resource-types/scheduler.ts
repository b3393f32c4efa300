import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { number, object, pick, text } from "./properties.ts";
import { attemptOf, unlessMissing } from "./repeatable.ts";

const missing = ["ResourceNotFoundException"];

function call<Output extends object>(context: ResourceContext, operation: string, input: object) {
  return context.call<Output>("scheduler", operation, input, context.caller);
}

/** Numbers and dates as the API has them: templates give text. */
function inputOf(Name: string, properties: Properties) {
  const window = object(properties, "FlexibleTimeWindow");
  const target = object(properties, "Target");
  const retry = object(target, "RetryPolicy");
  const dates = ["StartDate", "EndDate"].flatMap((name) => {
    const date = text(properties, name);
    return date === undefined ? [] : [[name, new Date(date)] as const];
  });
  return {
    ...pick(properties, [
      "Description",
      "GroupName",
      "KmsKeyArn",
      "ScheduleExpression",
      "ScheduleExpressionTimezone",
      "State",
    ]),
    Name,
    ...Object.fromEntries(dates),
    FlexibleTimeWindow: { ...window, ...numbers(window, ["MaximumWindowInMinutes"]) },
    Target: {
      ...target,
      ...(target["RetryPolicy"] === undefined
        ? {}
        : { RetryPolicy: numbers(retry, ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"]) }),
    },
  };
}

function numbers(properties: Properties, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = number(properties, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

const describeSchedule = (Name: string, Arn: string): ProvisionedResource => ({
  physicalId: Name,
  attributes: { Arn },
});

export const schedule: ResourceType = {
  type: "AWS::Scheduler::Schedule",
  async create(properties, context) {
    const name = text(properties, "Name") ?? context.generateName(64);
    const { ScheduleArn } = await call<{ ScheduleArn: string }>(context, "CreateSchedule", {
      ...inputOf(name, properties),
      ClientToken: attemptOf(context),
    });
    return describeSchedule(name, ScheduleArn);
  },
  async update(physicalId, properties, previous, context) {
    const [from, to] = [text(previous, "GroupName"), text(properties, "GroupName")];
    // A schedule cannot move: it is made in the other group and deleted in its own.
    if (from !== to) {
      const made = await schedule.create({ ...properties, Name: physicalId }, context);
      await schedule.delete(physicalId, previous, context);
      return made;
    }
    const { ScheduleArn } = await call<{ ScheduleArn: string }>(
      context,
      "UpdateSchedule",
      inputOf(physicalId, properties),
    );
    return describeSchedule(physicalId, ScheduleArn);
  },
  async delete(physicalId, properties, context) {
    const input = { Name: physicalId, ...pick(properties, ["GroupName"]) };
    await unlessMissing(missing, () => call(context, "DeleteSchedule", input));
  },
};

async function describeGroup(Name: string, context: ResourceContext): Promise<ProvisionedResource> {
  const { Arn, State, CreationDate, LastModificationDate } = await call<
    Readonly<Record<string, string>>
  >(context, "GetScheduleGroup", { Name });
  return { physicalId: Name, attributes: { Arn, State, CreationDate, LastModificationDate } };
}

export const scheduleGroup: ResourceType = {
  type: "AWS::Scheduler::ScheduleGroup",
  async create(properties, context) {
    const Name = text(properties, "Name") ?? context.generateName(64);
    await call(context, "CreateScheduleGroup", { Name, ClientToken: attemptOf(context) });
    return describeGroup(Name, context);
  },
  update: (physicalId, _properties, _previous, context) => describeGroup(physicalId, context),
  async delete(physicalId, _properties, context) {
    await unlessMissing(missing, () => call(context, "DeleteScheduleGroup", { Name: physicalId }));
  },
};
