import { ExitCode, LmiError } from "../../../errors.ts";
import type { LogsOptions } from "../logs.ts";
import { readTime } from "./read-time.ts";

export interface LogWindow {
  readonly since: Date;
  readonly until: Date | undefined;
}

/** `--since` and `--until`; without either, the last ten minutes. */
export function readWindow(
  { since, until }: Pick<LogsOptions, "since" | "until">,
  now: Date,
): LogWindow {
  const end = until === undefined ? undefined : readTime("--until", until, now);
  const start = readTime("--since", since ?? "10m", since === undefined ? (end ?? now) : now);
  if (end === undefined || start < end) return { since: start, until: end };
  throw new LmiError("LMI_USAGE", `--until ${until} is not after --since ${since}.`, {
    why: `The one is ${end.toISOString()}, the other ${start.toISOString()}.`,
    exitCode: ExitCode.usage,
  });
}

type Choice = Pick<
  LogsOptions,
  "follow" | "until" | "filter" | "requestId" | "failedOnly" | "group" | "provider"
>;

/** What makes no sense together. */
export function refuseUnfitting(options: Choice): void {
  const { follow, until, filter, provider } = options;
  if (follow && until !== undefined)
    throw unfitting("--follow and --until", "Following has no end: leave one of them out.");
  const whole = wholeRequests(options);
  if (filter !== undefined && whole !== undefined) {
    throw unfitting(
      `--filter and ${whole}`,
      "The pattern would hide the lines that tell where a request ends. --level and --request-id go with it.",
    );
  }
  const ofRequests = whole ?? (options.requestId === undefined ? undefined : "--request-id");
  if (provider && ofRequests !== undefined)
    throw unfitting(`--provider and ${ofRequests}`, "A capacity provider's log knows no requests.");
}

/** The flag that needs a request's lines, its end among them. */
function wholeRequests({ failedOnly, group }: Choice): string | undefined {
  if (failedOnly) return "--failed-only";
  return group ? "--group" : undefined;
}

function unfitting(what: string, why: string): LmiError {
  return new LmiError("LMI_USAGE", `${what} do not go together.`, {
    why,
    next: "See: lmi logs --help",
    exitCode: ExitCode.usage,
  });
}
