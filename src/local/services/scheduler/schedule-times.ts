import { Cron } from "croner";

/** When a schedule comes: all of this is in its document. */
export interface Times {
  readonly ScheduleExpression?: string | undefined;
  readonly ScheduleExpressionTimezone?: string | undefined;
  readonly StartDate?: string | undefined;
  readonly EndDate?: string | undefined;
  readonly CreationDate: string;
}

const periods: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

type Next = (after: Date) => Date | undefined;

/**
 * The first time of a schedule after another one, in its time zone; undefined where none is left. A rate begins at once
 * where there is no start date (EventBridge Scheduler user guide, schedule-types). Throws where it cannot be read.
 */
export function nextTime(times: Times, after: Date): Date | undefined {
  const { StartDate, EndDate, CreationDate } = times;
  const start = StartDate === undefined ? undefined : new Date(StartDate);
  const base = start ?? new Date(CreationDate);
  const next = readExpression(times, base);
  const from = start && start > after ? new Date(start.getTime() - 1) : after;
  const found = next(from);
  return found && EndDate !== undefined && found > new Date(EndDate) ? undefined : found;
}

/** Whether it can be read; the time of a rate has no part in that. */
export function checkTimes(times: Omit<Times, "CreationDate">): void {
  readExpression(times, new Date(0));
}

function readExpression(
  { ScheduleExpression = "", ScheduleExpressionTimezone = "UTC" }: Omit<Times, "CreationDate">,
  base: Date,
): Next {
  const [, kind = "", value = ""] = /^(rate|cron|at)\((.+)\)$/.exec(ScheduleExpression) ?? [];
  if (kind === "rate") return rate(value, base);
  if (kind === "cron") return cron(value, ScheduleExpressionTimezone);
  if (kind === "at") return at(value, ScheduleExpressionTimezone);
  throw new SyntaxError(`neither rate(…), cron(…) nor at(…): ${ScheduleExpression}`);
}

function rate(value: string, base: Date): Next {
  const [, count, unit = ""] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(value) ?? [];
  const period = Number(count) * (periods[unit] ?? Number.NaN);
  if (!Number.isFinite(period)) throw new SyntaxError(`no rate: ${value}`);
  return (after) => {
    const passed = Math.max(-1, Math.floor((after.getTime() - base.getTime()) / period));
    return new Date(base.getTime() + (passed + 1) * period);
  };
}

/** AWS's six fields: no seconds, Sunday is 1, and a lone `L` for a day of the week is the last of it, Saturday. */
function cron(value: string, timezone: string): Next {
  const fields = value.trim().split(/\s+/);
  if (fields.length !== 6) throw new SyntaxError(`no six fields: ${value}`);
  fields[4] = fields[4] === "L" ? "7" : overTheWeekend(fields[4] ?? "");
  const settings = { timezone, alternativeWeekdays: true, sloppyRanges: true, paused: true };
  const job = new Cron(`0 ${fields.join(" ")}`, settings);
  return (after) => {
    for (let from = after; ;) {
      const found = job.nextRun(from);
      if (!found) return undefined;
      // What a change to summer time leaves out does not come at all (schedule-types, daylight saving time).
      if (job.match(found)) return found;
      from = found;
    }
  };
}

const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const weekday = (day: string) => weekdays.indexOf(day.toUpperCase()) + 1 || Number(day);

/** `FRI-MON` as two ranges, which croner takes. AWS's guide does not speak of it; such schedules are in use. */
function overTheWeekend(field: string): string {
  return field
    .split(",")
    .flatMap((part) => {
      const [from = "", to] = part.split("-");
      return to !== undefined && weekday(from) > weekday(to)
        ? [`${from}-SAT`, `SUN-${to}`]
        : [part];
    })
    .join(",");
}

/** Once. */
function at(value: string, timezone: string): Next {
  const date = new Date(`${value}Z`);
  const is = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
  if (!is || value.length !== "2027-01-31T08:00:00".length)
    throw new SyntaxError(`no date and time: ${value}`);
  const job = new Cron(value, { timezone, paused: true });
  return (after) => job.nextRun(after) ?? undefined;
}
