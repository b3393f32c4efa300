/** Ranges and names of each field (EventBridge Scheduler user guide, schedule-types, cron-based). */
const fields = [
  { name: "minutes", least: 0, most: 59, names: "" },
  { name: "hours", least: 0, most: 23, names: "" },
  { name: "day of month", least: 1, most: 31, names: "" },
  { name: "month", least: 1, most: 12, names: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC" },
  { name: "day of week", least: 1, most: 7, names: "SUN MON TUE WED THU FRI SAT" },
  { name: "year", least: 1970, most: 2199, names: "" },
] as const;

/** What is wrong with a cron expression of AWS's six fields; nothing where it will do. */
export function cronProblem(expression: string): string | undefined {
  const values = fieldsOf(expression);
  if (values === undefined) return undefined;
  const wrong = fields.find((field, index) => !isField(field, values[index] ?? ""));
  if (wrong) {
    const value = values[fields.indexOf(wrong)];
    return `has ${value} as its ${wrong.name}, which takes ${wrong.least} to ${wrong.most}`;
  }
  const backwards = fields.find(
    (field, index) => field.name !== "day of week" && reversed(field, values[index] ?? ""),
  );
  if (backwards) {
    const value = values[fields.indexOf(backwards)];
    return `has ${value} as its ${backwards.name}, a range that goes backwards: write two, with a comma`;
  }
  const questions = [values[2], values[4]].filter((value) => value === "?").length;
  return questions === 1
    ? undefined
    : "must have ? as exactly one of its day of month and day of week";
}

/** What may be meant otherwise, of an expression without a problem. */
export function cronDoubt(expression: string, thisYear: number): string | undefined {
  const values = fieldsOf(expression);
  if (values === undefined) return undefined;
  const weekdays = reversed(fields[4], values[4] ?? "");
  if (weekdays !== undefined) {
    const [from = "", to = ""] = weekdays.split("-");
    return `has ${weekdays} as its day of week, a range over the end of the week, which AWS's guide does not speak of: write ${from}-SAT,SUN-${to}`;
  }
  return comes(values, thisYear)
    ? undefined
    : `never comes: no such date is left from ${thisYear} on`;
}

const fieldsOf = (expression: string): readonly string[] | undefined =>
  /^cron\((?<fields>.+)\)$/.exec(expression)?.groups?.["fields"]?.split(" ");

/** The range that goes backwards, if there is one. */
function reversed(field: Field, value: string): string | undefined {
  return value
    .split(",")
    .map((part) => part.split("/")[0] ?? "")
    .find((range) => {
      const [from, to] = range.split("-").map((bound) => numberOf(field, bound));
      return from !== undefined && to !== undefined && from > to;
    });
}

/** Whether a month of these years has one of these days. */
function comes(values: readonly string[], thisYear: number): boolean {
  const days = numbersOf(fields[2], values[2] ?? "");
  const months = numbersOf(fields[3], values[3] ?? "");
  const years = numbersOf(fields[5], values[5] ?? "").filter((year) => year >= thisYear);
  const earliest = Math.min(...days);
  return years.some((year) =>
    months.some((month) => earliest <= new Date(Date.UTC(year, month, 0)).getUTCDate()),
  );
}

/** All that a field stands for; days that a month finds for itself (`L`, `15W`) count as its first. */
function numbersOf(field: Field, value: string): number[] {
  return value.split(",").flatMap((part) => {
    if (isSpecialDay(field, part)) return [field.least];
    const [range = "", step] = part.split("/");
    const [from = field.least, to = step === undefined ? from : field.most] =
      range === "*" || range === "?"
        ? [field.least, field.most]
        : range.split("-").map((bound) => numberOf(field, bound));
    const all = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
    return all.filter((_, index) => index % Number(step ?? 1) === 0);
  });
}

type Field = (typeof fields)[number];

function isField(field: Field, value: string): boolean {
  const isDay = field.name.startsWith("day");
  if (value === "?") return isDay;
  return value.split(",").every((part) => isPart(field, part));
}

/** `*`, `5`, `1-5`, `MON-FRI`, each with a step (`/15`); of days also `L`, `LW`, `15W`, `6L`, `6#3`. */
function isPart(field: Field, part: string): boolean {
  if (isSpecialDay(field, part)) return true;
  const [range = "", step = "1", ...more] = part.split("/");
  if (more.length > 0 || !/^[1-9]\d{0,3}$/.test(step)) return false;
  if (range === "*") return true;
  const bounds = range.split("-").map((bound) => numberOf(field, bound));
  return bounds.length <= 2 && !bounds.includes(undefined);
}

function isSpecialDay(field: Field, part: string): boolean {
  if (field.name === "day of month") return /^(?:L|LW|(?:[1-9]|[12]\d|3[01])W)$/.test(part);
  if (field.name !== "day of week") return false;
  const day = /^(?<day>\w+?)(?:L|#[1-5])$/.exec(part)?.groups?.["day"];
  return part === "L" || (day !== undefined && numberOf(field, day) !== undefined);
}

function numberOf({ least, most, names }: Field, text: string): number | undefined {
  const index = names.split(" ").indexOf(text.toUpperCase());
  if (names !== "" && index >= 0) return index + least;
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}
