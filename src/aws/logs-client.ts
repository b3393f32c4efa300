import type { FilterLogEventsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";

import { once } from "./connection.ts";
import type { Connection } from "./connection.ts";

/** The CloudWatch Logs client and the commands that read stored events, loaded together. */
export async function logsClient(connection: Connection) {
  const [sdk, settings] = await Promise.all([import("./sdk/logs.ts"), connection.settings()]);
  // The SDK goes through each answer for a logger's `info`, which takes as long as reading it.
  const logger = { ...settings.logger, info: undefined as unknown as () => void };
  const client = new sdk.CloudWatchLogsClient({ ...settings, logger });
  readPagesPlainly(client.config.protocol);
  return { sdk, client, live: once(liveCommands) };
}

/** What only following needs. */
function liveCommands() {
  return import("./sdk/logs-live.ts");
}

export type LogsConnection = () => ReturnType<typeof logsClient>;

interface Protocol {
  deserializeResponse(
    operation: { readonly name: string },
    context: unknown,
    response: { readonly statusCode: number; readonly headers: object; readonly body?: unknown },
  ): Promise<unknown>;
}

/**
 * A page of FilterLogEvents has up to 10,000 events of strings and numbers, which are in JSON as they are in the SDK's
 * types: copying them by schema would take three times as long as parsing.
 */
function readPagesPlainly(given: object): void {
  const protocol = given as Protocol;
  const rooms = new Rooms();
  const bySchema = protocol.deserializeResponse.bind(protocol);
  protocol.deserializeResponse = async (operation, context, response) => {
    const { statusCode, headers, body } = response;
    if (operation.name !== "FilterLogEvents" || statusCode >= 300 || !isStream(body))
      return bySchema(operation, context, response);
    const json = await rooms.text(body);
    const requestId = (headers as Readonly<Record<string, unknown>>)["x-amzn-requestid"];
    return new PlainPage(json, { httpStatusCode: statusCode, requestId });
  };
}

type PageContent = Pick<FilterLogEventsCommandOutput, "events" | "nextToken">;

/**
 * A page as it came, parsed once somebody wants to know what is in it: pages wait for those before them, and the
 * garbage collector would go through thousands of objects in each.
 */
class PlainPage implements PageContent {
  readonly $metadata: object;
  #json: string | undefined;
  #content: PageContent = {};

  constructor(json: string, metadata: object) {
    this.#json = json;
    this.$metadata = metadata;
  }

  get events(): PageContent["events"] {
    return this.#parsed().events;
  }

  /** Told without parsing where there is none: in a text of an event the quotes would be escaped. */
  get nextToken(): string | undefined {
    return this.#json !== undefined && !hasNextToken(this.#json)
      ? undefined
      : this.#parsed().nextToken;
  }

  #parsed(): PageContent {
    if (this.#json !== undefined) {
      this.#content = JSON.parse(this.#json) as PageContent;
      this.#json = undefined;
    }
    return this.#content;
  }
}

/** Quotes are frequent in JSON, and a needle without them is found ten times as fast. */
function hasNextToken(json: string): boolean {
  return json.includes("xtToken") && json.includes('"nextToken"');
}

/** Where answers are put together: memory that was used before is at hand, and new memory is not. */
class Rooms {
  readonly #free: Buffer[] = [];

  async text(body: AsyncIterable<Uint8Array>): Promise<string> {
    let room = this.#free.pop() ?? Buffer.allocUnsafeSlow(2 ** 21);
    let length = 0;
    for await (const chunk of body) {
      if (length + chunk.length > room.length) room = larger(room, length + chunk.length);
      room.set(chunk, length);
      length += chunk.length;
    }
    this.#free.push(room);
    return room.toString("utf8", 0, length);
  }
}

function larger(room: Buffer, length: number): Buffer {
  const more = Buffer.allocUnsafeSlow(2 * length);
  room.copy(more);
  return more;
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}
