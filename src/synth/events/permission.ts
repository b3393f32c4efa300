import { CfnPermission } from "../cdk.ts";
import type { EventParts } from "./event-parts.ts";

interface Source {
  /** `events`, without `.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string;
}

/** Lets one source alone call the function. */
export function permitSource(
  { stack, id, target }: Pick<EventParts<unknown>, "stack" | "id" | "target">,
  { service, sourceArn }: Source,
): InstanceType<typeof CfnPermission> {
  return new CfnPermission(stack, `${id}Permission`, {
    action: "lambda:InvokeFunction",
    functionName: target.attrArn,
    principal: `${service}.amazonaws.com`,
    sourceArn,
  });
}
