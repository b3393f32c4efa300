import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";

import type { LogsConnection } from "../logs-client.ts";
import type { TimelineEvent } from "../ports.ts";
import type { Patience } from "./patience.ts";

export interface PagesQuery {
  readonly logGroup: string;
  /** First and last millisecond, both included (CloudWatch Logs API reference, FilterLogEvents). */
  readonly from: number;
  readonly to: number | undefined;
  readonly filter: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onMissing: (logGroup: string) => void;
}

interface Page {
  readonly events: readonly TimelineEvent[];
  readonly nextToken: string | undefined;
}

/** The stored lines of one group, page by page, each next page under way while one is read. */
export async function* pages(
  query: PagesQuery,
  logs: LogsConnection,
  patience: Patience,
): AsyncGenerator<readonly TimelineEvent[]> {
  let next: Promise<Page> | undefined = ask(query, undefined, logs, patience);
  while (next !== undefined) {
    const { events, nextToken }: Page = await next;
    next = nextToken === undefined ? undefined : ask(query, nextToken, logs, patience);
    // Whoever stops reading does not wait for its failure either.
    next?.catch(() => {});
    if (events.length > 0) yield events;
  }
}

const nothing: Page = { events: [], nextToken: undefined };

/** A page that failed is asked for again under the same token: nothing is left out, nothing comes twice. */
async function ask(
  { logGroup, from, to, filter, signal, onMissing }: PagesQuery,
  nextToken: string | undefined,
  logs: LogsConnection,
  patience: Patience,
): Promise<Page> {
  const { sdk, client } = await logs();
  return patience.call(async () => {
    const command = new sdk.FilterLogEventsCommand({
      logGroupName: logGroup,
      startTime: from,
      ...(to === undefined ? {} : { endTime: to }),
      ...(filter === undefined ? {} : { filterPattern: filter }),
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    try {
      const page = await client.send(command, signal ? { abortSignal: signal } : {});
      const events = (page.events ?? []).map((event) => toEvent(event, logGroup));
      return { events, nextToken: page.nextToken };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
      onMissing(logGroup);
      return nothing;
    }
  });
}

function toEvent(event: FilteredLogEvent, logGroup: string): TimelineEvent {
  return {
    logGroup,
    logStream: event.logStreamName ?? "",
    time: event.timestamp ?? 0,
    message: event.message ?? "",
  };
}
