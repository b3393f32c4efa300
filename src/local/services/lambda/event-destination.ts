import { randomUUID } from "node:crypto";
import type { PutEventsResponse } from "@aws-sdk/client-eventbridge";
import type { InvocationResult } from "../../runtime/invocation.ts";
import { type QueueMessage, sendToQueue, textAttributes } from "../../send-to-queue.ts";
import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { functionArn, functionReference } from "./arns.ts";
import type { EventDocument, NewEvent } from "./event-document.ts";
import type { Route } from "./invoke-route.ts";
import { ownCall } from "./lambda-context.ts";

/** How an asynchronous invoke ended (Lambda developer guide, invocation-async-retain-records). */
export type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded";

export interface Ended {
  readonly region: string;
  readonly event: EventDocument;
  readonly condition: Condition;
  readonly last?: { readonly route: Route; readonly result: InvocationResult } | undefined;
}

/** Where records of ended asynchronous invokes go: functions, queues, topics, event buses or, after failures, buckets. */
export class EventDestination {
  readonly #target: TargetContext;
  readonly #accept: (event: NewEvent) => void;

  constructor(target: TargetContext, accept: (event: NewEvent) => void) {
    this.#target = target;
    this.#accept = accept;
  }

  /** A destination that does not take the record loses it, as on AWS; the target's log says so. */
  async tell(arn: string, ended: Ended): Promise<void> {
    const record = this.#record(ended);
    const MessageBody = JSON.stringify(record);
    await this.#orLost(arn, ended, () => {
      switch (serviceOf(arn)) {
        case "lambda":
          return this.#invoke(arn, ended.region, MessageBody);
        case "s3":
          return this.#store(arn, ended, MessageBody);
        case "sqs":
          return this.#enqueue(arn, ended, { MessageBody });
        case "sns":
          return this.#call("sns", "Publish", { TopicArn: arn, Message: MessageBody }, ended);
        case "events":
          return this.#putEvent(arn, ended, record);
        default:
          throw new ServiceError("NotImplemented", "The local target has no such destination");
      }
    });
  }

  /** The function's dead-letter queue or topic gets the event itself (Lambda developer guide, invocation-async-retain-records). */
  async bury(arn: string, ended: Ended): Promise<void> {
    const body = Buffer.from(ended.event.payload, "base64").toString();
    const MessageAttributes = deadLetterAttributes(ended);
    await this.#orLost(arn, ended, () =>
      serviceOf(arn) === "sns"
        ? this.#call("sns", "Publish", { TopicArn: arn, Message: body, MessageAttributes }, ended)
        : this.#enqueue(arn, ended, { MessageBody: body, MessageAttributes }),
    );
  }

  async #orLost(arn: string, ended: Ended, send: () => Promise<void> | void): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.#lost(arn, ended, `${error.code}: ${error.message}`);
    }
  }

  async #call(service: "events" | "sns", operation: string, input: object, { region }: Ended) {
    await this.#target.call(service, operation, input, ownCall(this.#target, region));
  }

  #enqueue(queueArn: string, { region }: Ended, message: QueueMessage["message"]): Promise<void> {
    return sendToQueue(this.#target, { queueArn, region, service: "lambda", message });
  }

  /** The event's form: Lambda developer guide, invocation-async-retain-records. */
  async #putEvent(arn: string, ended: Ended, record: ReturnType<typeof recordOf>): Promise<void> {
    const outcome = ended.condition === "Success" ? "Success" : "Failure";
    const entry = {
      EventBusName: arn,
      Source: "lambda",
      DetailType: `Lambda Function Invocation Result - ${outcome}`,
      Detail: JSON.stringify(record),
      Resources: [arn, record.requestContext.functionArn],
    };
    const { Entries } = await this.#target.call<PutEventsResponse>(
      "events",
      "PutEvents",
      { Entries: [entry] },
      ownCall(this.#target, ended.region),
    );
    const [refused] = Entries?.filter(({ ErrorCode }) => ErrorCode !== undefined) ?? [];
    if (refused)
      throw new ServiceError(refused.ErrorCode ?? "InternalFailure", refused.ErrorMessage ?? "");
  }

  #invoke(arn: string, region: string, record: string): void {
    const { name, qualifier } = functionReference({ FunctionName: arn });
    this.#accept({
      region,
      functionName: name,
      qualifier,
      requestId: randomUUID(),
      payload: Buffer.from(record),
    });
  }

  /** The key's form is AWS's (Lambda developer guide, invocation-async-retain-records). */
  async #store(arn: string, ended: Ended, record: string): Promise<void> {
    const now = this.#target.clock.now().toISOString();
    const day = now.slice(0, 10).replaceAll("-", "/");
    const time = now.slice(0, 19).replaceAll(":", ".");
    await this.#target.call(
      "s3",
      "PutObject",
      {
        Bucket: arn.slice(arn.lastIndexOf(":") + 1),
        Key: `aws/lambda/async/${ended.event.functionName}/${day}/${time}-${randomUUID()}`,
        Body: Buffer.from(record),
        ContentType: "application/json",
      },
      ownCall(this.#target, ended.region),
    );
  }

  #lost(arn: string, { event, condition }: Ended, why: string): void {
    this.#target.log(
      `The record of the asynchronous invoke ${event.requestId} of ${event.functionName} (${condition}) did not reach ${arn}: ${why}`,
    );
  }

  #record(ended: Ended) {
    return recordOf(ended, ownCall(this.#target, ended.region), this.#target.clock.now());
  }
}

const serviceOf = (arn: string) => arn.split(":")[2] ?? "";

function recordOf({ event, condition, last }: Ended, call: CallContext, now: Date) {
  return {
    version: "1.0",
    timestamp: now.toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: functionArn(
        call,
        event.functionName,
        last?.route.version ?? event.qualifier ?? "$LATEST",
      ),
      condition,
      approximateInvokeCount: event.failures + event.refusals + (condition === "Success" ? 1 : 0),
    },
    requestPayload: parsed(Buffer.from(event.payload, "base64")),
    ...(last ? responseOf(last) : {}),
  };
}

/** Lambda developer guide, invocation-async-retain-records: the message is cut after 1 KB. */
function deadLetterAttributes({ event, condition, last }: Ended) {
  const answer = last && parsed(last.result.payload);
  const message =
    typeof answer === "object" && answer !== null ? Reflect.get(answer, "errorMessage") : undefined;
  const ErrorMessage = typeof message === "string" ? message.slice(0, 1024) : condition;
  return {
    ...textAttributes({ RequestID: event.requestId, ErrorMessage }),
    ErrorCode: { DataType: "Number", StringValue: last ? "200" : "429" },
  };
}

function responseOf({ route, result }: NonNullable<Ended["last"]>): object {
  const { errorType, payload } = result;
  return {
    responseContext: {
      statusCode: 200,
      executedVersion: route.version,
      ...(errorType === undefined ? {} : { functionError: "Unhandled" }),
    },
    responsePayload: parsed(payload),
  };
}

/** JSON as such; what is none (a streamed response) as text. */
function parsed(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
