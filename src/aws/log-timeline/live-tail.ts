import type {
  LiveTailSessionLogEvent,
  StartLiveTailResponseStream,
} from "@aws-sdk/client-cloudwatch-logs";

import { LmiError } from "../../errors.ts";
import { httpStatusOf } from "../failed-call.ts";
import type { LogsConnection } from "../logs-client.ts";
import type { TimelineEvent } from "../ports.ts";
import type { LiveUpdate, OpenLiveTail } from "./live-feed.ts";

/** CloudWatch Logs API reference, StartLiveTail: logGroupIdentifiers. */
export const mostLiveGroups = 10;

export interface LiveTailQuery {
  readonly logGroups: readonly string[];
  readonly filter: string | undefined;
}

/** Starts sessions over all groups at once; a group that does not exist makes it fail. */
export function liveTail(query: LiveTailQuery, logs: LogsConnection): OpenLiveTail {
  return async (signal) => {
    const { client, live } = await logs();
    const { DescribeLogGroupsCommand, StartLiveTailCommand } = await live();
    const described = await client.send(
      new DescribeLogGroupsCommand({ logGroupIdentifiers: [...query.logGroups] }),
      { abortSignal: signal },
    );
    const arns = new Map(
      (described.logGroups ?? []).map(({ logGroupName = "", logGroupArn, arn = "" }) => [
        logGroupArn ?? arn.replace(/:\*$/, ""),
        logGroupName,
      ]),
    );
    if (arns.size < query.logGroups.length) throw missingGroup();
    // Known after the first call: an endpoint of one's own may have no address with `stream-` in front of it.
    const { config } = client;
    if (config.isCustomEndpoint) config.disableHostPrefix = true;
    const command = new StartLiveTailCommand({
      logGroupIdentifiers: [...arns.keys()],
      ...(query.filter === undefined ? {} : { logEventFilterPattern: query.filter }),
    });
    const { responseStream } = await client.send(command, { abortSignal: signal });
    const iterator = updates(responseStream ?? nothing(), arns);
    // The first thing that it says is that it has begun.
    await iterator.next();
    return iterator;
  };
}

async function* nothing(): AsyncGenerator<never> {}

async function* updates(
  stream: AsyncIterable<StartLiveTailResponseStream>,
  names: ReadonlyMap<string, string>,
): AsyncGenerator<LiveUpdate> {
  for await (const said of stream) {
    const failure = said.SessionTimeoutException ?? said.SessionStreamingException;
    if (failure !== undefined) throw failure;
    if (said.sessionStart !== undefined) yield { events: [], sampled: false };
    if (said.sessionUpdate === undefined) continue;
    const { sessionMetadata, sessionResults = [] } = said.sessionUpdate;
    yield {
      events: sessionResults.map((event) => toEvent(event, names)),
      sampled: sessionMetadata?.sampled ?? false,
    };
  }
}

function toEvent(
  event: LiveTailSessionLogEvent,
  names: ReadonlyMap<string, string>,
): TimelineEvent {
  const identifier = event.logGroupIdentifier ?? "";
  return {
    logGroup: names.get(identifier) ?? nameIn(identifier),
    logStream: event.logStreamName ?? "",
    time: event.timestamp ?? 0,
    message: event.message ?? "",
  };
}

/** AWS writes `123456789012:/aws/lambda/name` or an ARN (API reference, LiveTailSessionLogEvent). */
const nameIn = (identifier: string) => identifier.replace(/^.*:/, "");

function missingGroup(): LmiError {
  return new LmiError("LMI_LOG_GROUP_NOT_FOUND", "A log group does not exist yet.");
}

const minute = 60_000;

/**
 * Milliseconds until a session is worth another try; undefined: it never will be. Names of errors: API reference,
 * StartLiveTail, and "Common error types".
 */
export function retryLiveTailAfter(error: unknown): number | undefined {
  if (error instanceof LmiError) return minute / 2;
  const name = error instanceof Error ? error.name : "";
  if (name === "SessionTimeoutException") return 0;
  if (name === "LimitExceededException") return minute;
  // As of a group that was not there when asked for: it may come, and may have gone in between.
  if (name === "ResourceNotFoundException") return minute / 2;
  const isPassing = /Throttl|TooManyRequests|AbortError|SessionStreaming/.test(name);
  const status = httpStatusOf(error);
  // 4xx: not allowed, not known to this endpoint, or not for this class of log group.
  const isFinal = status !== undefined && status >= 400 && status < 500;
  return isFinal && !isPassing ? undefined : 5000;
}
