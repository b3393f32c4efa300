// What stages are made of.
import { setTimeout as sleep } from "node:timers/promises";

/** `lmi` that has to end with 0. */
export async function succeed(context, args, options = {}) {
  const result = await command(context, args, options);
  if (result.code !== 0) throw new Error(`lmi ${args[0]} ended with ${ending(result)}`);
  return result;
}

/** `lmi`, however it ends. */
export async function command(context, args, options = {}) {
  context.stop.check();
  const result = await context.place.lmi(args, { cwd: context.project, ...options });
  context.stop.check();
  return result;
}

export function ending({ code, signal, stderr }) {
  const lines = stderr.trim().split("\n");
  return `${code ?? signal}:\n${lines.slice(-15).join("\n")}`;
}

/** Looks until `look` gives something; undefined after so many minutes of AWS. */
export async function until(context, minutes, look) {
  const end = Date.now() + minutes * context.place.patience * 60_000;
  for (;;) {
    context.stop.check();
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) return undefined;
    await pause(context, context.place.pause.look);
  }
}

export async function pause(context, seconds) {
  await sleep(seconds * 1000, undefined, { signal: context.stop.signal }).catch(() => {});
  context.stop.check();
}

/** Runs `work` and notes how long it took. */
export async function timed(context, id, work) {
  const started = Date.now();
  const result = await work();
  context.facts.time(id, (Date.now() - started) / 1000);
  return result;
}

export const lines = (text) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

/** In an order that does not depend on when what was seen. */
export const sorted = (values) =>
  [...values].toSorted((one, other) => (String(one) < String(other) ? -1 : 1));
