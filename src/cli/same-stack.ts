import { quoted } from "../aws/quoted.ts";
import type { SharedOptions } from "./shared-options.ts";

/** What decides which stack, account and settings a command means, as its user gave it. */
export type Place = Pick<SharedOptions, "local" | "env"> &
  Partial<Pick<SharedOptions, "region" | "profile" | "config">>;

const ofStack = ["--local", "--env", "--region", "--profile", "--config"] as const;
const ofRegion = ["--local", "--region", "--profile", "--config"] as const;
const ofSettings = ["--env", "--region", "--config"] as const;

type Flag = (typeof ofStack)[number];

/** Which of them a command that is advised takes; commands that are not here act on no stack. */
const flagsOf: Readonly<Record<string, readonly Flag[]>> = {
  deploy: ofStack,
  destroy: ofStack,
  bootstrap: ofStack,
  invoke: ofStack,
  logs: ofStack,
  status: ofStack,
  diff: ofStack,
  pause: ofStack,
  resume: ofStack,
  doctor: ofStack,
  push: ofStack,
  rollback: ofStack,
  versions: ofStack,
  list: ofRegion,
  cost: ofSettings,
  synth: ofSettings,
  validate: ofSettings,
};

/** A command, and what follows it up to where a text goes on with something else. */
const command = new RegExp(
  String.raw`\blmi (?<name>${Object.keys(flagsOf).join("|")})\b(?<rest>(?!-)(?:(?!   |&&|\blmi )[^\n\`,;·:])*)`,
  "g",
);

/**
 * Commands in a text, made to mean the stack that the text is about: whoever copies one acts on no other, and on AWS
 * only where this command did. Flags that a command in the text has itself stay.
 */
export function forSameStack(text: string, place: Place): string {
  const given = givenFlags(place);
  if (given.size === 0) return text;
  return text.replaceAll(command, (_, name: string, found: string) => {
    // Said anew, with the others.
    const rest = place.local ? found.replace(/^ --local\b/, "") : found;
    const words = rest.split(/[\s=]/);
    if (words.includes("--help")) return `lmi ${name}${rest}`;
    const isSaid = (flag: Flag) =>
      words.includes(flag) || (flag === "--region" && words.includes("--all-regions"));
    const missing = (flagsOf[name] ?? []).filter((flag) => !isSaid(flag));
    const flags = missing.flatMap((flag) => given.get(flag) ?? []);
    return [`lmi ${name}`, ...flags].join(" ") + rest;
  });
}

function givenFlags(place: Place): ReadonlyMap<Flag, string> {
  const { local, env, region, profile, config } = place;
  const values = { "--env": env, "--region": region, "--profile": profile, "--config": config };
  const given = new Map<Flag, string>(local ? [["--local", "--local"]] : []);
  for (const flag of ofStack) {
    const value = flag === "--local" ? undefined : values[flag];
    if (value !== undefined) given.set(flag, `${flag} ${quoted(value)}`);
  }
  return given;
}
