import type {
  CreateScheduleGroupInput,
  DeleteScheduleGroupInput,
  GetScheduleGroupInput,
  ListScheduleGroupsInput,
} from "@aws-sdk/client-scheduler";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { checkName, page } from "./schedule-checks.ts";
import type { Changed } from "./schedule-operations.ts";
import {
  conflict,
  defaultGroup,
  type GroupDocument,
  notFound,
  scheduleId,
  type SchedulerStore,
  validation,
} from "./schedule-store.ts";

/** Groups of schedules; every region has one called default. */
export function groupOperations(
  target: TargetContext,
  { schedules, groups }: SchedulerStore,
  changed: Changed,
): Record<string, Operation> {
  const usual: GroupDocument = { Name: defaultGroup, CreationDate: "1970-01-01T00:00:00.000Z" };
  const existing = (name: string | undefined, { region }: CallContext): GroupDocument => {
    checkName("name", name);
    const document = name === defaultGroup ? usual : groups.get(region, name ?? "");
    if (!document) throw notFound(`Schedule group ${name} does not exist.`);
    return document;
  };
  return {
    async CreateScheduleGroup(input: CreateScheduleGroupInput, context: CallContext) {
      const { Name = "", ClientToken: token } = input;
      checkName("name", Name);
      const known = Name === defaultGroup ? usual : groups.get(context.region, Name);
      if (known && (token === undefined || known.token !== token))
        throw conflict(`Schedule group ${Name} already exists.`);
      const CreationDate = target.clock.now().toISOString();
      if (!known) groups.put(context.region, Name, { Name, CreationDate, token });
      return { ScheduleGroupArn: groupArn(Name, context) };
    },

    async GetScheduleGroup(input: GetScheduleGroupInput, context: CallContext) {
      return presented(existing(input.Name, context), context);
    },

    async ListScheduleGroups(input: ListScheduleGroupsInput, context: CallContext) {
      const all = [usual, ...groups.list(context.region)].filter(({ Name }) =>
        Name.startsWith(input.NamePrefix ?? ""),
      );
      const { items, NextToken } = page(all, input);
      return { ScheduleGroups: items.map((group) => presented(group, context)), NextToken };
    },

    /** With all its schedules (EventBridge Scheduler API, DeleteScheduleGroup). */
    async DeleteScheduleGroup(input: DeleteScheduleGroupInput, context: CallContext) {
      const { Name } = existing(input.Name, context);
      if (Name === defaultGroup) throw validation("The default schedule group cannot be deleted.");
      const { region } = context;
      const ids = schedules
        .list(region)
        .filter(({ GroupName }) => GroupName === Name)
        .map((schedule) => scheduleId(Name, schedule.Name));
      target.state.transaction(() => {
        for (const id of ids) schedules.delete(region, id);
        groups.delete(region, Name);
      });
      for (const id of ids) changed(region, id);
      return {};
    },
  };
}

const groupArn = (name: string, { region, accountId }: CallContext) =>
  `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name}`;

function presented({ Name, CreationDate }: GroupDocument, context: CallContext): object {
  const LastModificationDate = CreationDate;
  const Arn = groupArn(Name, context);
  return { Name, Arn, CreationDate, LastModificationDate, State: "ACTIVE" };
}
