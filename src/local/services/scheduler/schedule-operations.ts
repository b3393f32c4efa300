import type {
  CreateScheduleInput,
  DeleteScheduleInput,
  GetScheduleInput,
  ListSchedulesInput,
  UpdateScheduleInput,
} from "@aws-sdk/client-scheduler";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { checkName, checkSchedule, checkStart, page } from "./schedule-checks.ts";
import {
  conflict,
  defaultGroup,
  notFound,
  type ScheduleDocument,
  scheduleArn,
  scheduleId,
  type SchedulerStore,
} from "./schedule-store.ts";

/** Told when a schedule has come, changed or gone. */
export type Changed = (region: string, id: string) => void;

export function scheduleOperations(
  target: TargetContext,
  { schedules, groups }: SchedulerStore,
  changed: Changed,
): Record<string, Operation> {
  const existing = (input: GetScheduleInput, context: CallContext): ScheduleDocument => {
    checkName("name", input.Name);
    const document = schedules.get(context.region, scheduleId(input.GroupName, input.Name));
    if (!document) throw notFound(`Schedule ${input.Name} does not exist.`);
    return document;
  };
  const put = (document: ScheduleDocument, { region }: CallContext) => {
    const id = scheduleId(document.GroupName, document.Name);
    schedules.put(region, id, document);
    changed(region, id);
  };
  const inGroup = (GroupName: string, context: CallContext) => {
    checkName("groupName", GroupName);
    if (GroupName !== defaultGroup && !groups.get(context.region, GroupName))
      throw notFound(`Schedule group ${GroupName} does not exist.`);
  };

  return {
    async CreateSchedule(input: CreateScheduleInput, context: CallContext) {
      checkSchedule(input);
      const { GroupName = defaultGroup, ClientToken: token } = input;
      inGroup(GroupName, context);
      const known = schedules.get(context.region, scheduleId(GroupName, input.Name));
      if (!known) checkStart(input, target.clock.now());
      if (known && (token === undefined || known.token !== token))
        throw conflict(`Schedule ${input.Name} already exists.`);
      const now = target.clock.now().toISOString();
      const document = known ?? { ...documentOf(input, now), CreationDate: now, token };
      if (!known) put(document, context);
      return { ScheduleArn: scheduleArn(context, document) };
    },

    GetSchedule: async (input: GetScheduleInput, context: CallContext) =>
      presented(existing(input, context), context),

    /** Replaces everything: what is left out gets its default (EventBridge Scheduler API, UpdateSchedule). */
    async UpdateSchedule(input: UpdateScheduleInput, context: CallContext) {
      checkSchedule(input);
      const { CreationDate, token, StartDate } = existing(input, context);
      checkStart(input, target.clock.now(), StartDate);
      const now = target.clock.now().toISOString();
      const document = { ...documentOf(input, now), CreationDate, token };
      put(document, context);
      return { ScheduleArn: scheduleArn(context, document) };
    },

    async DeleteSchedule(input: DeleteScheduleInput, context: CallContext) {
      const { GroupName, Name } = existing(input, context);
      const id = scheduleId(GroupName, Name);
      schedules.delete(context.region, id);
      changed(context.region, id);
      return {};
    },

    async ListSchedules(input: ListSchedulesInput, context: CallContext) {
      if (input.GroupName !== undefined) inGroup(input.GroupName, context);
      const { items, NextToken } = page(listed(schedules, input, context.region), input);
      return { Schedules: items.map((document) => summary(document, context)), NextToken };
    },
  };
}

/** Those of a group, with a beginning of their names, or in a state. */
function listed(schedules: SchedulerStore["schedules"], input: ListSchedulesInput, region: string) {
  return schedules
    .list(region)
    .filter(
      ({ GroupName, Name, State }) =>
        GroupName === (input.GroupName ?? GroupName) &&
        Name.startsWith(input.NamePrefix ?? "") &&
        State === (input.State ?? State),
    );
}

function documentOf(
  { StartDate, EndDate, ClientToken: _token, ...input }: CreateScheduleInput,
  now: string,
): Omit<ScheduleDocument, "CreationDate"> {
  return {
    GroupName: defaultGroup,
    ScheduleExpressionTimezone: "UTC",
    State: "ENABLED",
    ActionAfterCompletion: "NONE",
    ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
    Name: input.Name ?? "",
    ScheduleExpression: input.ScheduleExpression,
    FlexibleTimeWindow: input.FlexibleTimeWindow,
    // The defaults show in what GetSchedule answers.
    Target: {
      Arn: undefined,
      RoleArn: undefined,
      ...input.Target,
      RetryPolicy: {
        MaximumEventAgeInSeconds: 86_400,
        MaximumRetryAttempts: 185,
        ...input.Target?.RetryPolicy,
      },
    },
    ...(StartDate ? { StartDate: StartDate.toISOString() } : {}),
    ...(EndDate ? { EndDate: EndDate.toISOString() } : {}),
    LastModificationDate: now,
  };
}

function presented(document: ScheduleDocument, context: CallContext): object {
  const { token: _token, lastTime: _last, ...rest } = document;
  return { ...rest, Arn: scheduleArn(context, document) };
}

function summary(document: ScheduleDocument, context: CallContext): object {
  const { Name, GroupName, State, CreationDate, LastModificationDate, Target } = document;
  const common = { Name, GroupName, State, CreationDate, LastModificationDate };
  return { ...common, Arn: scheduleArn(context, document), Target: { Arn: Target?.Arn } };
}
