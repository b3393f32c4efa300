import { pageOf } from "../../page.ts";
import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import { validation } from "./schedule-store.ts";
import { checkTimes } from "./schedule-times.ts";
import { isReadOnly } from "./universal-target.ts";

const kmsKey = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[0-9a-zA-Z-_]*$/;
const name = /^[0-9a-zA-Z-_.]{1,64}$/;

export function checkName(what: string, value: string | undefined): void {
  if (value !== undefined && !name.test(value))
    throw validation(
      `Value '${value}' at '${what}' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$`,
    );
}

/** Ranges: botocore service model scheduler. */
export function checkSchedule(input: CreateScheduleInput): void {
  checkName("name", input.Name);
  checkTarget(input.Target);
  if (input.KmsKeyArn !== undefined && !kmsKey.test(input.KmsKeyArn))
    throw validation("Provided KmsKeyArn is not in correct format.");
  checkWindow(input.FlexibleTimeWindow);
  checkEnum("state", input.State, ["ENABLED", "DISABLED"]);
  checkEnum("actionAfterCompletion", input.ActionAfterCompletion, ["NONE", "DELETE"]);
  checkExpression(input);
  if (input.StartDate && input.EndDate && input.StartDate >= input.EndDate)
    throw validation("The StartDate must come before the EndDate.");
}

const startsBefore = 5 * 60_000;

/**
 * Observed by the authors of moto (getmoto/moto, pull requests 8172 and 8178). Whether AWS looks again at a date that
 * stays the same is not documented.
 */
export function checkStart(
  { StartDate }: Pick<CreateScheduleInput, "StartDate">,
  now: Date,
  before?: string,
): void {
  if (StartDate === undefined || StartDate.toISOString() === before) return;
  if (StartDate.getTime() < now.getTime() - startsBefore)
    throw validation("The StartDate you specify cannot be earlier than 5 minutes ago.");
}

function checkExpression(input: CreateScheduleInput): void {
  const { ScheduleExpression, ScheduleExpressionTimezone: timeZone = "UTC" } = input;
  try {
    new Intl.DateTimeFormat("en", { timeZone }).format();
  } catch {
    throw validation(`The ScheduleExpressionTimezone ${timeZone} is not supported.`);
  }
  try {
    checkTimes({ ScheduleExpression, ScheduleExpressionTimezone: timeZone });
  } catch {
    throw validation(`Invalid Schedule Expression ${ScheduleExpression}.`);
  }
}

function checkTarget(target: CreateScheduleInput["Target"]): void {
  const { Arn = "", RoleArn = "", RetryPolicy } = target ?? {};
  if (!/^arn:aws[a-z-]*:[a-z0-9-]+:/.test(Arn))
    throw validation("Provided Arn is not in correct format.");
  if (isReadOnly(Arn)) throw validation(`The action of ${Arn} only reads, and cannot be a target.`);
  if (!/^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(RoleArn))
    throw validation("Provided RoleArn is not in correct format.");
  checkRange("maximumRetryAttempts", RetryPolicy?.MaximumRetryAttempts, 0, 185);
  checkRange("maximumEventAgeInSeconds", RetryPolicy?.MaximumEventAgeInSeconds, 60, 86_400);
}

function checkWindow(window: CreateScheduleInput["FlexibleTimeWindow"]): void {
  const { Mode, MaximumWindowInMinutes: minutes } = window ?? {};
  checkEnum("flexibleTimeWindow.mode", Mode, ["OFF", "FLEXIBLE"]);
  checkRange("flexibleTimeWindow.maximumWindowInMinutes", minutes, 1, 1440);
  if (Mode === "FLEXIBLE" && minutes === undefined)
    throw validation("MaximumWindowInMinutes is required when Mode is FLEXIBLE.");
  if (Mode === "OFF" && minutes !== undefined)
    throw validation("MaximumWindowInMinutes must not be given when Mode is OFF.");
}

function checkEnum(what: string, value: string | undefined, values: readonly string[]): void {
  if (value !== undefined && !values.includes(value))
    throw validation(
      `Value '${value}' at '${what}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(", ")}]`,
    );
}

function checkRange(what: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(value >= least && value <= most))
    throw validation(`Value '${value}' at '${what}' must be from ${least} to ${most}`);
}

export interface PageInput {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export function page<Item>(items: readonly Item[], { MaxResults = 100, NextToken }: PageInput) {
  checkRange("maxResults", MaxResults, 1, 100);
  const found = pageOf(items, NextToken, MaxResults);
  if (!found) throw validation("Invalid NextToken.");
  return { items: found.items, ...(found.next === undefined ? {} : { NextToken: found.next }) };
}
