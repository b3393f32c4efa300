import type { Stack } from "aws-cdk-lib/core";
import type { CfnFunction } from "../cdk.ts";
import type { FunctionSettings, PolicyStatement } from "../settings.ts";

/** What an event source is made with. */
export interface EventParts<Event> {
  readonly stack: Stack;
  /** Beginning of its logical ids: the function, the kind, and what tells it from others of its kind. */
  readonly id: string;
  readonly event: Event;
  /** `--env`, for names that must differ by environment. */
  readonly environment: string | undefined;
  readonly target: InstanceType<typeof CfnFunction>;
  /** Settings of the function. */
  readonly own: FunctionSettings;
}

export interface CreatedEvent {
  /** What the execution role must be allowed for it. */
  readonly statements: readonly PolicyStatement[];
  readonly outputs?: readonly EventOutput[];
}

export interface EventOutput {
  readonly id: string;
  readonly description: string;
  readonly value: string;
}
