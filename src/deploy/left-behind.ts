import type { NetworkInterface, StackResource } from "../aws/ports.ts";
import { aDay, instancePerDay, resourcePerDay } from "../synth/cost/day-cost.ts";
import type { PriceList } from "../synth/cost/prices.ts";
import { plainReason } from "./reason-text.ts";
import type { Remains } from "./remains.ts";
import { typeWord } from "./resource-words.ts";
import type { TemplateResources } from "./template-resources.ts";

/** Something that still exists. */
export interface LeftThing {
  readonly what: string;
  /** As the service names it. */
  readonly name: string;
  readonly logicalId: string | undefined;
  readonly type: string;
  readonly why: string | undefined;
  /** US dollars; undefined where it costs nothing by the hour, or it is not known. */
  readonly perDay: number | undefined;
  /** Of somebody else, in the way of what is left. */
  readonly foreign: boolean;
}

export interface LeftBehind {
  readonly resources?: readonly StackResource[];
  /** Of the deployed template: what resources cost depends on their properties. */
  readonly declared?: TemplateResources;
  readonly remains?: Remains;
}

/** What is left, with what each costs. */
export function leftThings(
  { resources = [], declared = {}, remains }: LeftBehind,
  prices: PriceList,
): LeftThing[] {
  const ofStack = resources.map(({ logicalId, physicalId, type, statusReason }) => ({
    what: typeWord(type),
    name: physicalId ?? logicalId,
    logicalId,
    type,
    why: statusReason ? plainReason(statusReason) : undefined,
    perDay: resourcePerDay({ type, properties: declared[logicalId]?.Properties ?? {} }, prices),
    foreign: false,
  }));
  const known = new Set(ofStack.map(({ name }) => name));
  const providers = (remains?.providers ?? [])
    .filter(({ name }) => !known.has(name))
    .map(({ name, state }) =>
      thing("capacity provider", name, "AWS::Lambda::CapacityProvider", { why: state }),
    );
  const instances = (remains?.instances ?? []).map(({ instanceId, instanceType, state }) =>
    thing("instance", instanceId, "AWS::EC2::Instance", {
      why: `${instanceType} ${state}`,
      perDay: instancePerDay(instanceType, prices),
    }),
  );
  return [...ofStack, ...providers, ...instances, ...interfacesOf(remains)];
}

function interfacesOf(remains: Remains | undefined): LeftThing[] {
  return [
    ...(remains?.interfaces ?? []).map((each) => interfaceThing(each, false)),
    ...(remains?.foreign ?? []).map((each) => interfaceThing(each, true)),
  ];
}

function interfaceThing(each: NetworkInterface, foreign: boolean): LeftThing {
  const where = each.subnetId === undefined ? [] : [`in ${each.subnetId}`];
  const why = (foreign ? [...where, `not of this stack: ${aboutInterface(each)}`] : where).join(
    ", ",
  );
  const type = "AWS::EC2::NetworkInterface";
  return thing("network interface", each.networkInterfaceId, type, { why, foreign });
}

/** What its owner wrote of it, ARNs of capacity providers as names. */
export function aboutInterface({ description, interfaceType, status }: NetworkInterface): string {
  const text = description ?? interfaceType ?? status;
  return text.replaceAll(/arn:[\w-]+:lambda:[^:]*:\d+:capacity-provider:/g, "capacity provider ");
}

function thing(
  what: string,
  name: string,
  type: string,
  more: Partial<Pick<LeftThing, "why" | "perDay" | "foreign">>,
): LeftThing {
  const nothing = { logicalId: undefined, why: undefined, perDay: undefined, foreign: false };
  return { what, name, type, ...nothing, ...more };
}

/** Columns of a line that a failure indents by two. */
const lineWidth = 77;

/** Aligned lines; a long reason stands below its thing. */
export function leftLines(things: readonly LeftThing[]): string[] {
  const what = Math.max(0, ...things.map((each) => each.what.length));
  const name = Math.max(0, ...things.map((each) => each.name.length));
  const aligned = things.map((each) => lineOf(each, what, name));
  // Reasons under each other are worth less than reasons in the same line.
  if (aligned.every((line) => line.length <= lineWidth)) return aligned;
  return things.flatMap((each) => {
    const line = lineOf(each, what, 0);
    const start = `  ${each.what.padEnd(what)}  ${each.name}`;
    if (line.length <= lineWidth || line === start) return [line];
    return [start, `  ${" ".repeat(what)}    ${restOf(each)}`];
  });
}

function lineOf(each: LeftThing, what: number, name: number): string {
  return `  ${each.what.padEnd(what)}  ${each.name.padEnd(name)}  ${restOf(each)}`.trimEnd();
}

function restOf({ why, perDay }: LeftThing): string {
  return [why, perDay === undefined ? undefined : aDay(perDay)]
    .filter((part) => part !== undefined)
    .join(", ");
}

/** US dollars a day of all of them that have a price. */
export function perDayOf(things: readonly LeftThing[]): number {
  return things.reduce((sum, { perDay = 0 }) => sum + perDay, 0);
}

/** What is left costs so much; on the local target nothing does, and on AWS the same would. */
export function costLine(things: readonly LeftThing[], local: boolean): string {
  const sum = perDayOf(things);
  if (sum === 0)
    return local ? "Left:" : "Left; nothing of it has a price by the hour that is known:";
  return local ? `Left; on AWS it would cost ${aDay(sum)}:` : `Left, and costing ${aDay(sum)}:`;
}
