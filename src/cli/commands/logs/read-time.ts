import { ExitCode, LmiError } from "../../../errors.ts";

const milliseconds = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A time of day that names no zone. */
const withoutZone = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/;

/**
 * `10m`, `2h`, … before now, or a point in time as ISO 8601, in UTC where it names no zone: as lines show it. `flag` is
 * who asks, e.g. --since.
 */
export function readTime(flag: string, text: string, now: Date): Date {
  const [, amount, unit] = /^(\d+)\s*([smhdw])$/.exec(text) ?? [];
  const time =
    amount !== undefined && isUnit(unit)
      ? new Date(now.getTime() - Number(amount) * milliseconds[unit])
      : /^\d{4}-\d{2}/.test(text)
        ? new Date(text.replace(withoutZone, "$1T$2Z"))
        : undefined;
  if (time && !Number.isNaN(time.getTime())) return time;
  throw new LmiError("LMI_USAGE", `${flag} ${text} is not a time.`, {
    why: "It takes 30s, 10m, 2h, 3d or 1w ago, or a time such as 2026-11-23T12:00:00Z.",
    exitCode: ExitCode.usage,
  });
}

function isUnit(unit: string | undefined): unit is keyof typeof milliseconds {
  return unit !== undefined && unit in milliseconds;
}
