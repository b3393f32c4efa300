import type { Finding, Place } from "../../../race/finding.ts";
import { settingFlags, type SettingFlagValues } from "../../config/setting-flags.ts";
import { wrap } from "../../output/wrap.ts";
import { withoutSecret } from "../../same-command.ts";
import { quoted } from "../../../aws/quoted.ts";
import type { RaceCommandOptions } from "../race.ts";
import { eventsText, type RaceEvents } from "./race-events.ts";
import type { RaceShape } from "./race-shape.ts";

/** Findings that a terminal is shown; who has more has mended enough for one run with these. */
const mostShown = 20;
/** Columns that a line of an error is indented by. */
const indented = 2;

export function headline(
  { settings, repeat, concurrency, workers, seed }: RaceShape,
  events: RaceEvents,
): string {
  return [
    `${settings.entry} · ${eventsText(events)} × ${repeat}`,
    `concurrency ${concurrency} · ${workers} workers · seed ${seed}`,
  ].join(" · ");
}

/** Each finding as a few lines: what and where, the evidence, why, the mend. */
export function renderFindings(findings: readonly Finding[], columns: number): string[] {
  const width = Math.max(40, Math.min(columns, 100) - indented);
  const others = findings.length - mostShown;
  const shown = findings
    .slice(0, mostShown)
    .flatMap((finding, index) => [
      ...(index === 0 ? [] : [""]),
      ...headOf(finding, width),
      ...finding.evidence.flatMap((line) => wrap(`    ${line}`, 6, width).split("\n")),
      ...wrap(`  ${finding.why}`, 2, width).split("\n"),
      ...wrap(`  Mend: ${finding.mend}`, 2, width).split("\n"),
    ]);
  return others > 0 ? [...shown, "", `and ${others} more, in the report and with --json`] : shown;
}

function headOf({ verdict, what, place }: Finding, width: number): string[] {
  const start = `${verdict === "unsafe" ? "✗" : "?"} ${what}`;
  if (!place) return [start];
  const where = placeText(place);
  const gap = width - start.length - where.length;
  return gap > 1 ? [`${start}${" ".repeat(gap)}${where}`] : [start, `    ${where}`];
}

const placeText = ({ file, line }: Place) => `${file}:${line}`;

/** What a run was given that decides which requests there are, and where and how they run. */
export type GivenRun = Pick<
  RaceCommandOptions,
  | "config"
  | "env"
  | "settings"
  | "function"
  | "events"
  | "schema"
  | "count"
  | "repeat"
  | "ignore"
  | "network"
>;

/**
 * The command that repeats the first of these findings that requests show, as a shell reads it. Values of environment
 * variables are left out.
 */
export function repeatCommand(given: GivenRun, seed: number, findings: readonly Finding[]): string {
  const requests = findings.find((finding) => finding.requests?.length)?.requests;
  const { config, env, events, schema, count, repeat, network, ignore } = given;
  const words = [
    ...(given.function === undefined ? [] : [quoted(given.function)]),
    ...settingFlags.flatMap(({ flags, attribute }) =>
      flagWords(longOf(flags), given.settings[attribute]),
    ),
    ...Object.entries({ config, env, events, schema, count, repeat, network, ignore }).flatMap(
      ([name, value]) => flagWords(`--${name}`, value),
    ),
    `--seed ${seed}`,
    ...(requests ? [`--only ${requests.slice(0, 8).join(",")}`] : []),
  ];
  return `lmi race ${words.join(" ")}`;
}

const longOf = (flags: string) => /--[\w-]+/.exec(flags)?.[0] ?? flags;

function flagWords(flag: string, value: SettingFlagValues[string]): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [flag];
  const values = typeof value === "string" ? [value] : value;
  return values.map((each) => `${flag} ${quoted(withoutSecret(flag, each))}`);
}
