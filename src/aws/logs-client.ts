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
  const bySchema = protocol.deserializeResponse.bind(protocol);
  protocol.deserializeResponse = async (operation, context, response) => {
    const { statusCode, headers, body } = response;
    if (operation.name !== "FilterLogEvents" || statusCode >= 300 || !isStream(body))
      return bySchema(operation, context, response);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const page = JSON.parse(Buffer.concat(chunks).toString("utf8")) as object;
    const requestId = (headers as Readonly<Record<string, unknown>>)["x-amzn-requestid"];
    return { ...page, $metadata: { httpStatusCode: statusCode, requestId } };
  };
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}
