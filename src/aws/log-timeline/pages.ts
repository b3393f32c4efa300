import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";

import type { LogsConnection } from "../logs-client.ts";
import type { TimelineEvent } from "../ports.ts";
import { inParts } from "./parts.ts";
import type { AskPage, Page, Span } from "./parts.ts";
import type { Patience } from "./patience.ts";

export interface PagesQuery {
  readonly logGroup: string;
  readonly span: Span;
  readonly filter: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onMissing: (logGroup: string) => void;
  /** Calls under way at once. */
  readonly atOnce: number;
}

/** The stored lines of one group, page by page, in order of time. */
export function pages(
  query: PagesQuery,
  logs: LogsConnection,
  patience: Patience,
): AsyncGenerator<readonly TimelineEvent[]> {
  const { signal } = query;
  const ask: AskPage = (span, nextToken, unwanted) =>
    askPage(query, span, {
      nextToken,
      logs,
      patience,
      abortSignal: signal === undefined ? unwanted : AbortSignal.any([signal, unwanted]),
    });
  return inParts(query.span, ask, query.atOnce);
}

const nothing: Page = { events: () => [], nextToken: undefined };

interface Asking {
  readonly nextToken: string | undefined;
  readonly logs: LogsConnection;
  readonly patience: Patience;
  readonly abortSignal: AbortSignal;
}

/** A page that failed is asked for again under the same token: nothing is left out, nothing comes twice. */
async function askPage(
  { logGroup, filter, onMissing }: PagesQuery,
  { from, to }: Span,
  { nextToken, logs, patience, abortSignal }: Asking,
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
      const page = await client.send(command, { abortSignal });
      return {
        events: () => (page.events ?? []).map((event) => toEvent(event, logGroup)),
        nextToken: page.nextToken,
      };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
      onMissing(logGroup);
      return nothing;
    }
  }, abortSignal);
}

function toEvent(event: FilteredLogEvent, logGroup: string): TimelineEvent {
  return {
    logGroup,
    logStream: event.logStreamName ?? "",
    time: event.timestamp ?? 0,
    message: event.message ?? "",
  };
}
