import { ExitCode, LmiError } from "../../../errors.ts";
import type { MappedVersion } from "../../../aws/ports.ts";
import type { VersionName } from "../../../deploy/prune-versions.ts";
import type { ListedFunction, ListedVersion } from "./read-versions.ts";

export interface PruneRule {
  /** So many of the newest numbers of each function stay. */
  readonly keep: number;
  /** Only what was published before; undefined: whatever its age. */
  readonly before: Date | undefined;
}

/**
 * The numbered versions that may go: never `$LATEST.PUBLISHED`, which answers requests, what an alias or an event source
 * mapping points at, or what CloudFormation made. They come oldest first.
 * @param mapped what event source mappings call, of other functions too
 */
export function prunable(
  functions: readonly ListedFunction[],
  rule: PruneRule,
  mapped: readonly MappedVersion[],
): VersionName[] {
  const polled = new Set(mapped.map((each) => `${each.functionName}:${each.qualifier}`));
  return functions.flatMap(({ name, versions }) =>
    versions
      .filter(({ version }) => /^\d+$/.test(version))
      .slice(rule.keep)
      .filter((version) => isFree(version) && isOld(version, rule))
      .filter(({ version }) => !polled.has(`${name}:${version}`))
      .map(({ version }) => ({ functionName: name, version }))
      .toReversed(),
  );
}

function isFree({ aliases, ofStack, state }: ListedVersion): boolean {
  return aliases.length === 0 && !ofStack && state !== "Deleting";
}

/** A version whose age is not known is not old. */
function isOld({ modifiedAt }: ListedVersion, { before }: PruneRule): boolean {
  if (before === undefined) return true;
  return modifiedAt !== undefined && modifiedAt.getTime() < before.getTime();
}

const milliseconds = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** What calls a version by its number elsewhere is not known here, and finds nothing once it is deleted. */
export const notLookedAt =
  "Looked at: aliases, event source mappings, the stack. Not looked at: what else may call a version by its number (EventBridge, Step Functions, API Gateway, permissions, other programs).";

/** Reads `--keep`, 1 where it is absent, and `--older-than`. Fails with LMI_USAGE. */
export function readRule(
  {
    keep,
    olderThan,
  }: { readonly keep: string | undefined; readonly olderThan: string | undefined },
  now: Date,
): PruneRule {
  return {
    keep: keep === undefined ? 1 : readCount(keep),
    before: olderThan === undefined ? undefined : new Date(now.getTime() - readAge(olderThan)),
  };
}

function readCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw wrong(`--keep ${text} is not a number of versions.`, "It takes 0, 1, 2, …", "--keep 3");
}

function readAge(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined)
    return Number(amount) * milliseconds[unit as keyof typeof milliseconds];
  const takes = "It takes minutes, hours, days or weeks: 30m, 12h, 30d, 4w.";
  throw wrong(`--older-than ${text} is not an age.`, takes, "--older-than 30d");
}

function wrong(what: string, why: string, example: string): LmiError {
  return new LmiError("LMI_USAGE", what, {
    why,
    next: `lmi versions --prune ${example}`,
    exitCode: ExitCode.usage,
  });
}
