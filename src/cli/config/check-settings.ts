import type { z } from "zod";
import type { RuleIssue } from "../../synth/rule-issue.ts";
import { checkSettings } from "../../synth/rules.ts";
import { settingsSchema } from "../../synth/settings-schema.ts";
import { resolveSettings } from "../../synth/resolve-settings.ts";
import type { Settings } from "../../synth/settings.ts";
import { isTree, leafPaths, type Merged, type Tree, valueAt, without } from "./layers.ts";
import { nearest } from "../../synth/nearest.ts";
import type { Problem } from "./problem.ts";
import { knownKeys } from "./known-keys.ts";

export interface Checked {
  /** Only to be used when there are no problems. */
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Schema first, then the rules between settings. What the schema refuses is taken out, so that the rules can look at the
 * rest: a person sees everything that is wrong at once.
 */
export function checkMerged(
  merged: Merged,
  identity: { name: string; environment: string | undefined },
): Checked {
  const problems: Problem[] = [];
  const broken: string[] = [];
  let values = merged.values;
  for (;;) {
    // Compiling a parser takes longer than what it would save: settings are read once.
    const parsed = settingsSchema.safeParse(values, { jitless: true });
    if (parsed.success) {
      const settings = resolveSettings(parsed.data, identity);
      const issues = checkSettings(settings)
        .filter((issue) => !restsOn(issue, broken))
        .map((issue) => ({ severity: issue.severity, problem: ruleProblem(issue, merged) }));
      const of = (severity: RuleIssue["severity"]) =>
        issues.filter((issue) => issue.severity === severity).map(({ problem }) => problem);
      return { settings, problems: [...problems, ...of("error")], warnings: of("warning") };
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

function ruleProblem(issue: RuleIssue, merged: Merged): Problem {
  return {
    path: issue.path.join("."),
    value: shownValue(issue.path, issue.value),
    origin: originOf(issue.path, merged),
    code: issue.code,
    message: issue.message,
    hint: undefined,
  };
}

/** Values of environment variables may be secrets: no message repeats them. */
function shownValue(path: readonly string[], value: unknown): unknown {
  return path.includes("environment") ? undefined : value;
}

function originOf(path: readonly string[], { origins, values }: Merged): string | undefined {
  const exact = origins.get(path.join("."));
  if (exact !== undefined) return exact;
  const below = valueAt(values, path);
  const [first] = isTree(below) ? leafPaths(below) : [];
  // What stands in a list has no origin of its own: the list has.
  const inner = first && origins.get([...path, ...first].join("."));
  if (inner !== undefined) return inner;
  return path.length > 1 ? originOf(path.slice(0, -1), { origins, values }) : undefined;
}

/** Whether a rule looked at something that was taken out. */
function restsOn(issue: RuleIssue, broken: readonly string[]): boolean {
  const read = [issue.path, ...(issue.involves ?? [])].map((path) => path.join("."));
  return read.some((path) =>
    broken.some(
      (gone) => gone === path || gone.startsWith(`${path}.`) || path.startsWith(`${gone}.`),
    ),
  );
}
