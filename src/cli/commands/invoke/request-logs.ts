import type { Aws, LogEvent } from "../../../aws/ports.ts";
import { functionLogGroup } from "../../../synth/names.ts";
import type { Deps } from "../../deps.ts";
import { logLine } from "../../output/log-line.ts";

export interface RequestLogsRequest {
  readonly requestId: string;
  readonly functionName: string;
  readonly started: Date;
}

/** CloudWatch Logs shows new events after seconds; the report record of a request comes last. */
const patience = { attempts: 30, pause: 1000, localAttempts: 25, localPause: 100 } as const;

/** Shows one request's log lines on stderr, read from CloudWatch Logs: LMI refuses LogType=Tail. */
export async function requestLogs(
  request: RequestLogsRequest,
  aws: Aws,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const state = await aws.functions.find(request.functionName);
  const logGroup = state?.logGroup ?? functionLogGroup(request.functionName);
  const [attempts, pause] = aws.target.local
    ? [patience.localAttempts, patience.localPause]
    : [patience.attempts, patience.pause];
  let found: LogEvent[] = [];
  for (let attempt = 0; attempt < attempts && !system.interrupt.aborted; attempt += 1) {
    // Waiting for the lines to arrive
    found = await linesOf(request, logGroup, aws, system.interrupt);
    if (found.some(({ message }) => message.includes('"platform.report"'))) break;
    // Waiting for the lines to arrive
    await system.sleep(pause, system.interrupt);
  }
  for (const event of found) reporter.info(logLine(event));
  if (found.length === 0)
    reporter.warn(`No log line of request ${request.requestId} has arrived yet.`);
}

async function linesOf(
  { requestId, started }: RequestLogsRequest,
  logGroup: string,
  aws: Aws,
  signal: AbortSignal,
): Promise<LogEvent[]> {
  // This machine's clock may differ a little from the one that stamps the lines.
  const since = new Date(started.getTime() - 60_000);
  const filter = `"${requestId}"`;
  const found: LogEvent[] = [];
  for await (const event of aws.logs.events({ logGroup, since, filter, signal })) found.push(event);
  return found;
}
