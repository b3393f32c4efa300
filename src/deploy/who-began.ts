import { randomUUID } from "node:crypto";
import type { StackEvent, StackState } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import { currentOperation } from "./stack-trouble.ts";

/** Who changes a stack, and since when, as far as CloudFormation knows it. */
export interface Began {
  readonly since: Date | undefined;
  /** `lmi (me)`, `cdk`, `the console`; undefined where nothing says it. */
  readonly by: string | undefined;
}

/**
 * A name of a change set that nobody else has, so that two deployments do not take each other's, and that says whose
 * it is: CloudFormation keeps no caller.
 * @param callerArn whose last part goes into the name
 */
export function changeSetName(callerArn: string): string {
  const who = (callerArn.split("/").at(-1) ?? "").split(":").at(-1) ?? "";
  const plain = who
    .replaceAll(/[^a-zA-Z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
  return `lmi-${plain === "" ? "somebody" : plain}-${randomUUID().slice(0, 8)}`;
}

/** Whether the last change of a stack came of a change set; true where CloudFormation does not say. */
export function isFromChangeSet({ changeSetId }: StackState, name: string): boolean {
  return changeSetId === undefined || changeSetId.includes(`/${name}/`);
}

/** @param events newest first */
export function whoBegan({ changeSetId }: StackState, events: readonly StackEvent[]): Began {
  const start = events[currentOperation(events).length];
  const isDeletion = start?.status === "DELETE_IN_PROGRESS";
  const owner = /\/lmi-(?<who>[^/]+)-[0-9a-f]{8}\//.exec(changeSetId ?? "")?.groups?.["who"];
  return { since: start?.time, by: isDeletion ? undefined : toolOf(start?.token, owner) };
}

/** The CDK toolkit library, which lmi uses, too, calls its execution `exec…`, and the console's are `Console-…`. */
function toolOf(token: string | undefined, owner: string | undefined): string | undefined {
  if (token?.startsWith("exec")) return owner === undefined ? "cdk" : `lmi (${owner})`;
  return token?.startsWith("Console-") ? "the console" : undefined;
}

/** Another deployment of the same stack began while this one was getting ready. */
export function overtaken(stack: StackState, { since, by }: Began): LmiError {
  const when = since === undefined ? "" : ` at ${since.toISOString().slice(11, 19)} UTC`;
  const who = by === undefined ? "" : `, by ${by},`;
  return new LmiError(
    "LMI_STACK_BUSY",
    `Another change of stack ${stack.stackName}${who} began${when}, while this deployment was getting ready.`,
    {
      why: `CloudFormation makes one change to a stack at a time. Nothing of this deployment is deployed; the stack is ${stack.status}.`,
      next: "lmi deploy   (waits for the other one, then compares again)",
      details: { stackName: stack.stackName, status: stack.status, overtaken: true, since, by },
    },
  );
}
