import type { z } from "zod";
import { settingsSchema } from "../../synth/settings-schema.ts";
import { type Checked, checkRules, type Identity, originOf, shownValue } from "./check-rules.ts";
import { type Merged, type Tree, valueAt, without } from "./layers.ts";
import { nearest } from "../../synth/nearest.ts";
import type { Problem } from "./problem.ts";
import { knownKeys } from "./known-keys.ts";

/**
 * Schema first, then the rules between settings. What the schema refuses is taken out, so that the rules can look at the
 * rest: a person sees everything that is wrong at once.
 */
export function checkMerged(merged: Merged, identity: Identity): Checked {
  const problems: Problem[] = [];
  const broken: string[] = [];
  let values = merged.values;
  for (;;) {
    // Compiling a parser takes longer than what it would save: settings are read once.
    const parsed = settingsSchema.safeParse(values, { jitless: true });
    if (parsed.success) {
      const checked = checkRules(parsed.data, { merged, identity, broken });
      return { ...checked, problems: [...problems, ...checked.problems] };
    }
    const found = firstOfEach(
      withoutEmptied(parsed.error.issues).flatMap((issue) => schemaProblems(issue, values, merged)),
    );
    // What taking something out has broken around it is no problem of the user's.
    const own = found.filter(
      ({ path }) => !broken.some((gone) => `${gone}.`.startsWith(`${path.join(".")}.`)),
    );
    problems.push(...own.map(({ problem }) => problem));
    const before = values;
    for (const { path } of found) {
      // What is required and missing cannot be taken out: then what it belongs to goes as a whole.
      const gone = valueAt(values, path) === undefined ? path.slice(0, -1) : path;
      values = without(values, gone);
      broken.push(gone.join("."));
    }
    if (JSON.stringify(values) === JSON.stringify(before))
      return { settings: undefined, problems, warnings: [] };
  }
}

interface Found {
  readonly path: readonly string[];
  readonly problem: Problem;
}

function schemaProblems(issue: z.core.$ZodIssue, values: Tree, merged: Merged): Found[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey([...path, key], merged));
  const message =
    issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : explain(issue);
  return [
    {
      path,
      problem: {
        path: path.join("."),
        value: issue.code === "invalid_key" ? undefined : shownValue(path, valueAt(values, path)),
        origin: originOf(path, merged),
        code: issue.code.replaceAll("_", "-"),
        message,
        hint: undefined,
      },
    },
  ];
}

/**
 * zod hands objects on without the keys that it does not know: what a check of the whole then finds missing may be
 * nothing but a slip of the pen.
 */
function withoutEmptied(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const unknown = issues.filter(({ code }) => code === "unrecognized_keys");
  const isEmptied = ({ code, path }: z.core.$ZodIssue) =>
    code === "custom" && unknown.some((other) => other.path.join("\0") === path.join("\0"));
  return issues.filter((issue) => !isEmptied(issue));
}

/** A value of the wrong kind may break more than one rule of its setting: a text that should be a list is too long, too. */
function firstOfEach(found: readonly Found[]): Found[] {
  return [
    ...new Map(found.toReversed().map((one) => [one.path.join("\0"), one])).values(),
  ].toReversed();
}

function unknownKey(path: readonly string[], merged: Merged): Found {
  const key = path.at(-1) ?? "";
  const guess = nearest(key, knownKeys(settingsSchema, path.slice(0, -1)));
  return {
    path,
    problem: {
      path: path.join("."),
      value: undefined,
      origin: originOf(path, merged),
      code: "unknown-key",
      message: "is not a setting",
      hint: guess === undefined ? undefined : `did you mean ${guess}?`,
    },
  };
}

/** The schema's own words; zod's where it has none. */
function explain(issue: z.core.$ZodIssue): string {
  if (!issue.message.startsWith("Invalid ")) return issue.message;
  if (issue.code === "invalid_value") return `must be ${issue.values.map(String).join(" or ")}`;
  if (issue.code !== "invalid_type") return issue.message;
  const expected = issue.expected === "record" ? "object" : issue.expected;
  return `must be ${/^[aeiou]/.test(expected) ? "an" : "a"} ${expected}`;
}
