import { ExitCode, LmiError } from "../../../errors.ts";

const units: Readonly<Record<string, number>> = { "": 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds between two looks where nothing is said; the local target has no limits and changes faster. */
const usual = { local: 2000, aws: 5000 } as const;
/** Read calls of Lambda's capacity providers are limited to 15 a second for an account, whoever else looks. */
const shortest = { local: 1000, aws: 2000 } as const;
const longest = 3_600_000;

/** `10s`, `10`, `1m`. Refuses what AWS's rates do not allow with LMI_USAGE. */
export function readInterval(text: string | undefined, local: boolean): number {
  const place = local ? "local" : "aws";
  if (text === undefined) return usual[place];
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([smh]?)$/.exec(text) ?? [];
  const milliseconds = amount === undefined ? Number.NaN : Number(amount) * (units[unit] ?? 0);
  if (milliseconds >= shortest[place] && milliseconds <= longest) return milliseconds;
  throw new LmiError("LMI_USAGE", `--interval ${text} cannot be used.`, {
    why: `It takes ${shortest[place] / 1000}s to 1h, e.g. 10s or 1m${local ? "" : "; more often would use up the account's rate of read calls"}.`,
    next: `lmi status --watch --interval ${usual[place] / 1000}s`,
    exitCode: ExitCode.usage,
  });
}
