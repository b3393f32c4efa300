import type {
  FollowQuery,
  LogTimeline,
  StoredQuery,
  TimelineEvent,
} from "../../../../src/aws/ports.ts";
import { runLogs, type LogsOptions } from "../../../../src/cli/commands/logs.ts";
import type { System } from "../../../../src/cli/system.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";
import { functionStateOf, recordingAws } from "../../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";

export const logsDefaults: LogsOptions = {
  ...sharedDefaults(),
  function: undefined,
  follow: false,
  since: undefined,
  until: undefined,
  filter: undefined,
  level: undefined,
  requestId: undefined,
  failedOnly: false,
  group: false,
  provider: false,
  liveTail: true,
  color: true,
};

export const functionGroup = "/aws/lambda/my-managed-instance-function";
export const providerGroup = "/aws/lambda/capacity-provider/lmi-hello";
const noon = Date.parse("2026-11-23T11:59:07.123Z");

export const event = (message: string, more: Partial<TimelineEvent> = {}): TimelineEvent => ({
  logGroup: functionGroup,
  logStream: "stream",
  time: noon,
  message,
  ...more,
});

/** A line as Lambda's runtimes write it. */
export const line = (requestId: string, message: string, more: object = {}): TimelineEvent =>
  event(JSON.stringify({ level: "INFO", requestId, message, ...more }));

export const report = (requestId: string, status: "success" | "error" | "timeout") =>
  event(
    JSON.stringify({
      type: "platform.report",
      record: { requestId, status, metrics: { durationMs: 12 } },
    }),
  );

export interface LogsWorld {
  readonly settings?: object;
  readonly missing?: readonly string[];
  /** Where the function logs, where that is not the usual group. */
  readonly logGroup?: string;
  /** False: AWS has no function at all. */
  readonly hasFunctions?: boolean;
  readonly system?: Partial<System>;
  readonly stored?: LogTimeline["stored"];
}

/** Runs the command over events in one batch; each query is answered with those of its groups. */
export async function logs(
  given: Partial<LogsOptions>,
  events: readonly TimelineEvent[],
  world: LogsWorld = {},
) {
  const cwd = await temporaryFolder({
    "lmi.json": JSON.stringify({ name: "hello", ...world.settings }),
  });
  const reporter = new RecordingReporter();
  const system = recordingSystem({ cwd, ...world.system });
  const queries: (StoredQuery | FollowQuery)[] = [];
  const read = async function* (query: StoredQuery | FollowQuery) {
    queries.push(query);
    for (const group of query.logGroups)
      if (world.missing?.includes(group) === true) query.onMissing?.(group);
    yield events.filter(({ logGroup }) => query.logGroups.includes(logGroup));
  };
  const asked: string[] = [];
  const aws = recordingAws({
    functions: {
      find: async (name) => {
        asked.push(name);
        if (world.hasFunctions === false) return undefined;
        return functionStateOf({ logGroup: world.logGroup ?? `/aws/lambda/${name}` });
      },
    },
    logTimeline: {
      stored: world.stored ?? read,
      followed: async function* (query) {
        yield* read(query);
        system.press();
        throw new DOMException("aborted", "AbortError");
      },
    },
  });
  const run = runLogs({ ...logsDefaults, ...given }, { system, reporter, aws: async () => aws });
  return { run, reporter, queries, asked, system };
}

/** What a person reads. */
export async function shown(
  given: Partial<LogsOptions>,
  events: readonly TimelineEvent[],
  world: LogsWorld = {},
): Promise<string> {
  const { run, reporter } = await logs(given, events, world);
  await run;
  return reporter.stdout;
}
