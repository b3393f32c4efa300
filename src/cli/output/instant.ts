/** A time that a template gives in UTC, without saying so: `2026-11-27T02:00:00`. */
function utc(text: string): Date {
  return new Date(`${text}Z`);
}

/** undefined where there is none, or something else than lmi has written it. */
export function readExpiry(text: string | undefined): Date | undefined {
  const time = text === undefined ? undefined : utc(text);
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time;
}

/** `on 2026-11-27 at 02:00 UTC (in 3 h 59 min)`; a time that has passed is `(over)`. */
export function expiryInWords(text: string, now: Date): string {
  return whenInWords(utc(text), now);
}

/** The same of a time. */
export function whenInWords(time: Date, now: Date): string {
  return `${instant(time)} (${fromNow(time, now)})`;
}

/** `on 2026-11-27 at 02:00 UTC`. */
function instant(time: Date): string {
  const [day = "", clock = ""] = time.toISOString().split("T");
  return `on ${day} at ${clock.slice(0, 5)} UTC`;
}

/** `in 3 h 59 min`, `in 2 d 4 h`, `in 12 min`, `over`. */
function fromNow(time: Date, now: Date): string {
  const minutes = Math.round((time.getTime() - now.getTime()) / 60_000);
  if (minutes <= 0) return "over";
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return `in ${days} d${hours > 0 ? ` ${hours} h` : ""}`;
  const rest = minutes % 60;
  return `in ${[hours > 0 ? `${hours} h` : "", rest > 0 || hours === 0 ? `${rest} min` : ""].filter(Boolean).join(" ")}`;
}
