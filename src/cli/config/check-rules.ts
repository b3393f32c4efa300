import { resolveSettings } from "../../synth/resolve-settings.ts";
import type { RuleIssue } from "../../synth/rule-issue.ts";
import { checkSettings } from "../../synth/rules.ts";
import type { SettingsOutput } from "../../synth/settings-schema.ts";
import type { Settings } from "../../synth/settings.ts";
import { isTree, leafPaths, type Merged, valueAt } from "./layers.ts";
import type { Problem } from "./problem.ts";

export interface Checked {
  /** Only to be used when there are no problems. */
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export interface Identity {
  readonly name: string;
  readonly environment: string | undefined;
}

/** The rules between settings that the schema has nothing against; `broken` are the paths that it had taken out. */
export function checkRules(
  values: SettingsOutput,
  {
    merged,
    identity,
    broken = [],
  }: { merged: Merged; identity: Identity; broken?: readonly string[] },
): Checked {
  const settings = resolveSettings(values, identity);
  const issues = checkSettings(settings)
    .filter((issue) => !restsOn(issue, broken))
    .map((issue) => ({ severity: issue.severity, problem: ruleProblem(issue, merged) }));
  const of = (severity: RuleIssue["severity"]) =>
    issues.filter((issue) => issue.severity === severity).map(({ problem }) => problem);
  return { settings, problems: of("error"), warnings: of("warning") };
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
export function shownValue(path: readonly string[], value: unknown): unknown {
  return path.includes("environment") ? undefined : value;
}

export function originOf(path: readonly string[], { origins, values }: Merged): string | undefined {
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
