import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";

/** As the API gives it, with dates as ISO strings. */
export interface ScheduleDocument extends Omit<
  CreateScheduleInput,
  "StartDate" | "EndDate" | "ClientToken"
> {
  readonly Name: string;
  readonly GroupName: string;
  readonly StartDate?: string;
  readonly EndDate?: string;
  readonly CreationDate: string;
  readonly LastModificationDate: string;
  /** Of the request that made it: the same again is answered alike. */
  readonly token?: string | undefined;
  /** The last of its times that it has come to. */
  readonly lastTime?: string;
}

export interface GroupDocument {
  readonly Name: string;
  readonly CreationDate: string;
  readonly token?: string | undefined;
}

export interface SchedulerStore {
  /** By `group/name`. */
  readonly schedules: Collection<ScheduleDocument>;
  readonly groups: Collection<GroupDocument>;
}

export const defaultGroup = "default";

export function openSchedulerStore({ state }: TargetContext): SchedulerStore {
  return {
    schedules: state.collection("scheduler.schedules"),
    groups: state.collection("scheduler.groups"),
  };
}

export const scheduleId = (group: string | undefined, name: string | undefined) =>
  `${group ?? defaultGroup}/${name ?? ""}`;

export function scheduleArn(
  { region, accountId }: Pick<CallContext, "region" | "accountId">,
  { GroupName, Name }: Pick<ScheduleDocument, "GroupName" | "Name">,
): string {
  return `arn:aws:scheduler:${region}:${accountId}:schedule/${GroupName}/${Name}`;
}

export const validation = (Message: string) =>
  new ServiceError("ValidationException", Message, { status: 400, members: { Message } });
export const notFound = (Message: string) =>
  new ServiceError("ResourceNotFoundException", Message, { status: 404, members: { Message } });
export const conflict = (Message: string) =>
  new ServiceError("ConflictException", Message, { status: 409, members: { Message } });
