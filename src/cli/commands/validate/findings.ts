import { reasonOf } from "../../../synth/rule-catalogue.ts";
import type { RuleIssue } from "../../../synth/rule-issue.ts";
import type { ExaminedSettings } from "../../config/load-settings.ts";
import type { Problem } from "../../config/problem.ts";
import { wrap } from "../../output/wrap.ts";

/** One thing that was found, with why it matters and what mends it. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** Stable. Of the settings: `memory-ratio`; of the template: AWS's own, such as `F3002`. */
  readonly code: string;
  /** Dotted setting, or place in the template where no setting is known. */
  readonly path: string;
  /** Place in the template, `LogicalId/Properties.Name`, where `path` is the setting behind it. */
  readonly place?: string;
  /** Absent where there is none or it may be a secret. */
  readonly value?: unknown;
  /** Where the value came from. */
  readonly origin?: string;
  readonly message: string;
  readonly why: string;
  readonly source: string;
  readonly mend: string;
}

export function settingFindings({ problems, warnings }: ExaminedSettings): Finding[] {
  const finding = (severity: Finding["severity"]) => (problem: Problem) =>
    toFinding(problem, severity);
  return [...problems.map(finding("error")), ...warnings.map(finding("warning"))];
}

/** What synthesis says of settings; where they came from is left to the path. */
export function stackFinding({ path, value, code, message, severity }: RuleIssue): Finding {
  const problem = { path: path.join("."), value, origin: undefined, code, message };
  return toFinding({ ...problem, hint: undefined }, severity);
}

function toFinding(problem: Problem, severity: Finding["severity"]): Finding {
  const { path, value, origin, code, message, hint } = problem;
  const { why, source, mend } = reasonOf(code, path);
  return {
    severity,
    code,
    path,
    ...(value === undefined ? {} : { value }),
    ...(origin === undefined ? {} : { origin }),
    message,
    why,
    source,
    mend: hint === undefined ? mend : sentence(hint),
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith("?") ? "" : "."}`;
}

export function renderFindings(findings: readonly Finding[]): string {
  return findings.map(render).join("\n");
}

function render({ severity, code, path, place, value, origin, message, ...reason }: Finding) {
  const shown =
    value === undefined ? "" : `  ${typeof value === "string" ? value : JSON.stringify(value)}`;
  const from = origin === undefined ? "" : ` (from ${origin})`;
  const lines = [
    `${severity}  ${path}${shown}${from}`,
    `    ${message}`,
    `    Why: ${reason.why}`,
    `    Mend: ${reason.mend}`,
    ...(place === undefined ? [] : [`    In the template: ${place}`]),
    `    ${code} · ${reason.source}`,
  ];
  return lines.map((line) => wrap(line, 8)).join("\n");
}
