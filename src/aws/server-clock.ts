import type { Connection } from "./connection.ts";
import { stsClient } from "./credentials.ts";
import { explained } from "./explain.ts";
import type { ServerClock } from "./ports.ts";

/** A client of its own: the SDK corrects a clock that it has found to be wrong, and would hide what we look for. */
export function createServerClock(connection: Connection): ServerClock {
  return { read: () => explained(connection.target, () => read(connection)) };
}

async function read(connection: Connection) {
  const [{ GetCallerIdentityCommand }, client] = await Promise.all([
    import("./sdk/sts.ts"),
    stsClient(connection),
  ]);
  let answered: { readonly time: Date; readonly took: number } | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const started = performance.now();
      const result = await next(args);
      answered ??= answeredAt(result.response, Math.round(performance.now() - started));
      return result;
    },
    // Outside of the step that makes an error of an answer: also a refusal tells the time.
    { step: "deserialize", priority: "low" },
  );
  try {
    await client.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    if (answered === undefined) throw error;
  } finally {
    client.destroy();
  }
  return answered;
}

function answeredAt(response: unknown, took: number) {
  const { headers = {} } = (response ?? {}) as { headers?: Readonly<Record<string, string>> };
  const time = new Date(headers["date"] ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : { time, took };
}
