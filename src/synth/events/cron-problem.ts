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
  const values = /^cron\((?<fields>.+)\)$/.exec(expression)?.groups?.["fields"]?.split(" ");
  if (values === undefined) return undefined;
  const wrong = fields.find((field, index) => !isField(field, values[index] ?? ""));
  if (wrong) {
    const value = values[fields.indexOf(wrong)];
    return `has ${value} as its ${wrong.name}, which takes ${wrong.least} to ${wrong.most}`;
  }
  const questions = [values[2], values[4]].filter((value) => value === "?").length;
  return questions === 1
    ? undefined
    : "must have ? as exactly one of its day of month and day of week";
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
