import { eventBridge } from "./cdk-events.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { permitSource } from "./permission.ts";
import type { RuleEvent } from "./rule-schema.ts";

type RulePattern = Readonly<Record<string, unknown>>;

/** What a rule sends to the function, and where it takes it from. */
interface Rule extends Pick<RuleEvent, "input" | "inputPath" | "retries" | "maxAge"> {
  readonly pattern: RulePattern;
  readonly bus: string;
  readonly deadLetterArn?: string | undefined;
  readonly enabled: boolean;
}

export function createRuleEvent(parts: EventParts<RuleEvent>): CreatedEvent {
  createRule(parts, parts.event);
  return { statements: [] };
}

/** A rule, and the function's permission for this rule alone. */
export function createRule(parts: EventParts<unknown>, rule: Rule): void {
  const { stack, id, target } = parts;
  const { CfnRule } = eventBridge();
  const resource = new CfnRule(stack, `${id}Rule`, {
    eventPattern: rule.pattern,
    eventBusName: rule.bus,
    state: rule.enabled ? "ENABLED" : "DISABLED",
    targets: [
      {
        id: "Function",
        arn: target.attrArn,
        ...(rule.input === undefined ? {} : { input: JSON.stringify(rule.input) }),
        ...(rule.inputPath === undefined ? {} : { inputPath: rule.inputPath }),
        ...retryPolicy(rule),
      },
    ],
  });
  permitSource(parts, { service: "events", sourceArn: resource.attrArn });
}

/** EventBridge's and Scheduler's words are the same. */
export function retryPolicy({
  retries,
  maxAge,
  deadLetterArn,
}: Pick<Rule, "retries" | "maxAge" | "deadLetterArn">) {
  const policy = {
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
    ...(maxAge === undefined ? {} : { maximumEventAgeInSeconds: maxAge }),
  };
  return {
    ...(Object.keys(policy).length === 0 ? {} : { retryPolicy: policy }),
    ...(deadLetterArn === undefined ? {} : { deadLetterConfig: { arn: deadLetterArn } }),
  };
}
