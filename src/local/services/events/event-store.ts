import type { Target } from "@aws-sdk/client-eventbridge";
import { pageOf } from "../../page.ts";
import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";

export interface RuleDocument {
  readonly Name: string;
  readonly bus: string;
  readonly EventPattern?: string | undefined;
  readonly ScheduleExpression?: string | undefined;
  readonly State: string;
  readonly Description?: string | undefined;
  readonly RoleArn?: string | undefined;
  readonly targets: readonly Target[];
}

export interface BusDocument {
  readonly Name: string;
  readonly Description?: string | undefined;
  readonly CreationTime: string;
}

export interface EventStore {
  /** By `bus/name`. */
  readonly rules: Collection<RuleDocument>;
  readonly buses: Collection<BusDocument>;
}

export const defaultBus = "default";

export function openEventStore({ state }: TargetContext): EventStore {
  return { rules: state.collection("events.rules"), buses: state.collection("events.buses") };
}

/** A bus by its name or ARN; it must be there. */
export function existingBus(
  { buses }: EventStore,
  nameOrArn: string | undefined,
  { region }: CallContext,
): string {
  const name = busName(nameOrArn);
  if (name !== defaultBus && !buses.get(region, name))
    throw notFound(`Event bus ${name} does not exist.`);
  return name;
}

export const busName = (nameOrArn = defaultBus) => nameOrArn.replace(/^arn:.*:event-bus\//, "");

export const busArn = (name: string, { region, accountId }: CallContext) =>
  `arn:aws:events:${region}:${accountId}:event-bus/${name}`;

export function ruleArn(
  { Name, bus }: Pick<RuleDocument, "Name" | "bus">,
  { region, accountId }: CallContext,
): string {
  const path = bus === defaultBus ? Name : `${bus}/${Name}`;
  return `arn:aws:events:${region}:${accountId}:rule/${path}`;
}

export function existingRule(
  store: EventStore,
  {
    Name,
    EventBusName,
  }: { readonly Name?: string | undefined; readonly EventBusName?: string | undefined },
  context: CallContext,
): RuleDocument {
  const bus = existingBus(store, EventBusName, context);
  const rule = store.rules.get(context.region, ruleId(bus, Name));
  if (!rule) throw notFound(`Rule ${Name} does not exist on EventBus ${bus}.`);
  return rule;
}

export const ruleId = (bus: string, name: string | undefined) => `${bus}/${name ?? ""}`;

const notFound = (message: string) =>
  new ServiceError("ResourceNotFoundException", message, { status: 400 });
export const validation = (message: string) =>
  new ServiceError("ValidationException", message, { status: 400 });

interface PageInput {
  readonly Limit?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** At most 100 a page (botocore service model events, LimitMax100). */
export function page<Item>(items: readonly Item[], { Limit = 100, NextToken }: PageInput) {
  if (!(Limit >= 1 && Limit <= 100)) throw validation("Limit must be from 1 to 100");
  const found = pageOf(items, NextToken, Limit);
  if (!found) throw validation("NextToken is not valid");
  return { items: found.items, ...(found.next === undefined ? {} : { NextToken: found.next }) };
}
