/** `12:31 UTC`, as the lines of `lmi logs`. */
export function clock(time: Date): string {
  return `${time.toISOString().slice(11, 16)} UTC`;
}

/** `12:31:07 UTC`. */
export function clockWithSeconds(time: Date): string {
  return `${time.toISOString().slice(11, 19)} UTC`;
}

/** `950 µs`, `4.2 ms`, `182 ms`, `3.1 s`. */
export function milliseconds(value: number): string {
  if (value < 1) return `${Math.round(value * 1000)} µs`;
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  return `${(value / 1000).toFixed(1)} s`;
}

/** `1,234`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `0.3`, `12`, `1,234`: enough of it. */
export function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
}

/** `≈ $3.41`, `≈ $182`. */
export function dollars(value: number): string {
  return `≈ $${value < 100 ? value.toFixed(2) : count(value)}`;
}

/** `1 instance`, `2 instances`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}
