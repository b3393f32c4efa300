import { randomUUID } from "node:crypto";
import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  Target,
  TestEventPatternRequest,
} from "@aws-sdk/client-eventbridge";
import { jsonRecord } from "../../json-record.ts";
import { matchesPattern } from "../../event-pattern.ts";
import type { DeadLetters, PushDelivery } from "../../push-delivery.ts";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { busName, type EventStore, type RuleDocument, ruleArn } from "./event-store.ts";
import { readPattern } from "./rule-operations.ts";
import { payloadOf } from "./target-input.ts";

type Event = Readonly<Record<string, unknown>>;

interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Takes events, and sends them to the functions whose rules they match. */
export function sendOperations(
  target: TargetContext,
  store: EventStore,
  delivery: PushDelivery,
): Record<string, Operation> {
  return {
    async PutEvents({ Entries = [] }: PutEventsRequest, context: CallContext) {
      if (Entries.length > 10)
        throw new ServiceError(
          "ValidationException",
          "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
        );
      const results: { EventId?: string; ErrorCode?: string; ErrorMessage?: string }[] = [];
      for (const entry of Entries) {
        const error = entryError(entry, context);
        const event = eventOf(entry, context, target.clock.now());
        // One after the other: who sends several expects them in their order.
        if (!error) await send(event, busName(entry.EventBusName), context);
        results.push(error ?? { EventId: event.id });
      }
      const FailedEntryCount = results.filter(({ ErrorCode }) => ErrorCode).length;
      return { FailedEntryCount, Entries: results };
    },

    async TestEventPattern({ EventPattern = "", Event = "" }: TestEventPatternRequest) {
      const pattern = readPattern(EventPattern);
      return { Result: matchesPattern(pattern, readEvent(Event)) };
    },
  };

  async function send(event: Event, bus: string, context: CallContext): Promise<void> {
    const matching = store.rules.list(context.region).filter((rule) => isFor(rule, bus, event));
    const targets = matching.flatMap((rule) => rule.targets.map((to) => ({ rule, to })));
    await Promise.all(targets.map(({ rule, to }) => push(rule, to, event, context)));
  }

  async function push(rule: RuleDocument, to: Target, event: Event, context: CallContext) {
    const from = `The rule ${rule.Name}`;
    const { Arn: functionArn = "", RetryPolicy, DeadLetterConfig } = to;
    if (!/^arn:[^:]+:lambda:/.test(functionArn))
      return target.log(`${from} sends nothing here to ${functionArn}`);
    const payload = payloadOf(to, event, rule.Name);
    return delivery.send({
      from,
      service: "events",
      region: context.region,
      functionArn,
      payload: () => payload,
      retries: RetryPolicy?.MaximumRetryAttempts ?? 185,
      maxAgeMs: 1000 * (RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400),
      deadLetters: DeadLetterConfig?.Arn
        ? {
            queueArn: DeadLetterConfig.Arn,
            body: JSON.stringify(event),
            attributes: deadLetterAttributes(ruleArn(rule, context), functionArn),
          }
        : undefined,
    });
  }
}

/** EventBridge user guide, eb-rule-dlq; the codes there are EventBridge's own, those here are Lambda's. */
const deadLetterAttributes =
  (rule: string, functionArn: string): DeadLetters["attributes"] =>
  ({ code, message }, retries) => ({
    RULE_ARN: rule,
    TARGET_ARN: functionArn,
    ERROR_CODE: code,
    ERROR_MESSAGE: message,
    RETRY_ATTEMPTS: String(retries),
  });

function isFor({ bus, State, EventPattern }: RuleDocument, on: string, event: Event): boolean {
  return (
    bus === on &&
    State !== "DISABLED" &&
    EventPattern !== undefined &&
    matchesPattern(JSON.parse(EventPattern), event)
  );
}

/** Codes and texts: EventBridge API, PutEventsResultEntry, as far as they are published. */
function entryError(entry: PutEventsRequestEntry, context: CallContext): EntryError | undefined {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if (!entry[name]) {
      const ErrorMessage = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
      return { ErrorCode: "InvalidArgument", ErrorMessage };
    }
  }
  // AWS's own services say aws.…; here they call each other in process.
  if (entry.Source?.startsWith("aws.") && !context.accessKeyId.endsWith(".amazonaws.com"))
    return {
      ErrorCode: "NotAuthorizedForSourceException",
      ErrorMessage: "Not authorized for the source.",
    };
  return jsonRecord(entry.Detail ?? "")
    ? undefined
    : { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
}

/** Amazon EventBridge user guide, eb-events-structure. */
function eventOf(entry: PutEventsRequestEntry, context: CallContext, now: Date) {
  const { Source, DetailType, Detail = "{}", Resources = [], Time } = entry;
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": DetailType,
    source: Source,
    account: context.accountId,
    time: (Time ?? now).toISOString().replace(/\.\d+Z$/, "Z"),
    region: context.region,
    resources: Resources,
    detail: jsonRecord(Detail) ?? {},
  };
}

/** TestEventPattern asks for a whole event (EventBridge API). */
function readEvent(text: string): unknown {
  const needed = ["id", "account", "source", "time", "region", "resources", "detail-type"];
  const event = jsonRecord(text);
  if (!event || needed.some((name) => event[name] === undefined))
    throw new ServiceError(
      "ValidationException",
      `Parameter Event is not valid. Reason: it must be a JSON object with ${needed.join(", ")}.`,
    );
  return event;
}
