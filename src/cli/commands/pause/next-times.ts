import { deployedResources } from "../../../deploy/template-resources.ts";

/** When a schedule of the stack acts next. */
export interface NextTime {
  readonly kind: "pause" | "resume";
  readonly time: Date;
  readonly timezone: string;
}

/** What the deployed stack's own schedules do next, the earliest first; none where it has none, or none is left. */
export async function nextTimes(
  template: string | undefined,
  now: Date,
): Promise<readonly NextTime[]> {
  const schedules = Object.entries(deployedResources(template)).filter(
    ([, { Type, Properties }]) =>
      Type === "AWS::Scheduler::Schedule" &&
      JSON.stringify(Properties?.["Target"] ?? {}).includes("putFunctionScalingConfig"),
  );
  if (schedules.length === 0) return [];
  const { nextTime } = await import("../../../local/services/scheduler/schedule-times.ts");
  const found = new Map<NextTime["kind"], NextTime>();
  for (const [id, { Properties = {} }] of schedules) {
    const kind = id.endsWith("PauseSchedule") ? "pause" : "resume";
    const { ScheduleExpression, ScheduleExpressionTimezone: zone } = Properties;
    const timezone = typeof zone === "string" ? zone : "UTC";
    const expression = typeof ScheduleExpression === "string" ? ScheduleExpression : "";
    const time = whenNext(expression, timezone);
    // Each function has its own, at the same time.
    if (time) found.set(kind, { kind, time, timezone });
  }
  return [...found.values()].toSorted((one, other) => one.time.getTime() - other.time.getTime());

  function whenNext(expression: string, timezone: string): Date | undefined {
    const CreationDate = now.toISOString();
    try {
      return nextTime(
        { ScheduleExpression: expression, ScheduleExpressionTimezone: timezone, CreationDate },
        now,
      );
    } catch {
      // Something else than lmi has written it.
      return undefined;
    }
  }
}

/** `Fri, 2026-11-27, 20:00 (Europe/Berlin)` */
export function timeInWords({ time, timezone }: Pick<NextTime, "time" | "timezone">): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(time);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((each) => each.type === type)?.value ?? "";
  return `${part("weekday").replace(".", "")} ${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")} (${timezone})`;
}

/** `The schedule resumes it on Fri 2026-11-27 07:00 (Europe/Berlin).`; nothing where there is no such schedule. */
export function nextInWords(next: readonly NextTime[], kind: NextTime["kind"]): string | undefined {
  const found = next.find((each) => each.kind === kind);
  if (found === undefined) return undefined;
  return `The stack's schedule ${kind}s it on ${timeInWords(found)}.`;
}
