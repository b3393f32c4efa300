import { randomUUID } from "node:crypto";
import type { InvocationResult } from "../../runtime/invocation.ts";
import type { TargetContext } from "../../service.ts";
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

/** Where records of ended asynchronous invokes go: another function or, after failures, a bucket. */
export class EventDestination {
  readonly #target: TargetContext;
  readonly #accept: (event: NewEvent) => void;

  constructor(target: TargetContext, accept: (event: NewEvent) => void) {
    this.#target = target;
    this.#accept = accept;
  }

  /** A destination that does not take the record loses it, as on AWS; the target's log says so. */
  async tell(arn: string, ended: Ended): Promise<void> {
    const record = JSON.stringify(this.#record(ended));
    if (/^arn:[^:]+:lambda:/.test(arn)) return this.#invoke(arn, ended.region, record);
    if (/^arn:[^:]+:s3:::/.test(arn)) return this.#store(arn, ended, record);
    return this.#lost(arn, ended, "The local target has no service of this kind");
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
    try {
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
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.#lost(arn, ended, `${error.code}: ${error.message}`);
    }
  }

  #lost(arn: string, { event, condition }: Ended, why: string): void {
    this.#target.log(
      `The record of the asynchronous invoke ${event.requestId} of ${event.functionName} (${condition}) did not reach ${arn}: ${why}`,
    );
  }

  #record({ region, event, condition, last }: Ended): object {
    const arn = functionArn(
      ownCall(this.#target, region),
      event.functionName,
      last?.route.version ?? event.qualifier ?? "$LATEST",
    );
    return {
      version: "1.0",
      timestamp: this.#target.clock.now().toISOString(),
      requestContext: {
        requestId: event.requestId,
        functionArn: arn,
        condition,
        approximateInvokeCount: event.failures + event.refusals + (condition === "Success" ? 1 : 0),
      },
      requestPayload: parsed(Buffer.from(event.payload, "base64")),
      ...(last ? responseOf(last) : {}),
    };
  }
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
