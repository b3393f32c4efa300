import type { System } from "../system.ts";

/** https://no-color.org and https://force-color.org: a non-empty variable decides; otherwise the stream's terminal does. */
export function wantsColour(
  /** False with `--no-color`. */
  color: boolean,
  { env }: Pick<System, "env">,
  isTerminal: boolean,
): boolean {
  if (!color || env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal && env["TERM"] !== "dumb";
}
